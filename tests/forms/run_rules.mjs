// Reads a JSON list of jobs from standard input and writes the list of their results:
//   {"tree", "values"}                     -> the value of the expression
//   {"rules", "typed", "rows", "asked"}    -> {"hidden": [...], "required": [...]}
import { readFileSync } from "node:fs";
import { evaluate } from "../../web/browser/modules/form/feel.js";
import { settle } from "../../web/browser/modules/form/rules.js";

const jobs = JSON.parse(readFileSync(0, "utf8"));

function settled({ rules, typed, rows, asked }) {
  const found = settle(rules, {
    typed: (path) => typed[path] ?? null,
    rows: (path) => rows[path] ?? [],
    asked: { hidden: new Set(asked.hidden), required: new Set(asked.required) },
  });
  return { hidden: [...found.hidden].sort(), required: [...found.required].sort() };
}

const results = jobs.map((job) =>
  job.tree ? evaluate(job.tree, job.values) : settled(job),
);
process.stdout.write(JSON.stringify(results));
