import { testEveryPage } from "./pages";

testEveryPage("1280");
