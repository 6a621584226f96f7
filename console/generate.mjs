// Writes src/api/schema.ts from the API's own description. Run by `npm run generate`.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const document = JSON.parse(await readFile(new URL("../docs/openapi.json", import.meta.url), "utf8"));
for (const path of Object.values(document.paths)) {
  // Operations are reached by path; without ids each is written where it belongs, and none can shadow another.
  for (const operation of Object.values(path)) delete operation.operationId;
}
const types = astToString(await openapiTS(document, { emptyObjectsUnknown: true }));
const head = "// Generated from docs/openapi.json by `npm run generate`. Do not edit.\n\n";
await writeFile(new URL("src/api/schema.ts", import.meta.url), head + types);
