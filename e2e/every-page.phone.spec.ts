import { testEveryPage } from "./pages";

testEveryPage("360");
