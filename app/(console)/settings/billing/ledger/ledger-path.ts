export const LEDGER_PATH = "/settings/billing/ledger";
