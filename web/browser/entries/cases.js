import { refuseLargeFiles } from "../modules/cases/file_size.js";

refuseLargeFiles(document);
