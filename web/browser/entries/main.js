import { askBeforeSending } from "../modules/confirm.js";
import { sendOnce } from "../modules/once.js";
import { showSummary } from "../modules/summary.js";

askBeforeSending(document);
sendOnce(document);
showSummary(document);
