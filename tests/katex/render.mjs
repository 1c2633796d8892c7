// Reads lines {"id": …, "latex": …} of JSON, renders each with KaTeX, and writes a line {"id": …, "error": …} for each
// that is not rendered, or only with a warning.
import katex from "katex";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { id, latex } = JSON.parse(line);
  try {
    katex.renderToString(latex, { displayMode: true, throwOnError: true, strict: "error", trust: false });
  } catch (error) {
    console.log(JSON.stringify({ id, latex, error: error.message }));
  }
}
