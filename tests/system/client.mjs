// A client in Node made from nothing but the published protos; prints what it found, as JSON.
// Arguments: the server's port, a key, a folder with the protos, a tariff document, and the
// package.json beside whose node_modules @grpc/grpc-js and @grpc/proto-loader are.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";

const [, , port, key, protos, tariff, beside] = process.argv;
const require = createRequire(beside);
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const files = readdirSync(join(protos, "billcore", "v1")).filter((name) => name.endsWith(".proto"));
const definition = loader.loadSync(
  files.map((name) => `billcore/v1/${name}`),
  { includeDirs: [protos], keepCase: true, longs: String, enums: String, defaults: true, oneofs: true },
);
const v1 = grpc.loadPackageDefinition(definition).billcore.v1;

const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${key}`);
const stubs = {};
const stub = (service) =>
  (stubs[service] ??= new v1[service](`127.0.0.1:${port}`, grpc.credentials.createInsecure()));
const deadline = () => ({ deadline: Date.now() + 60_000 });
const call = (service, method, request) =>
  new Promise((resolve, reject) =>
    stub(service)[method](request, metadata, deadline(), (error, answer) => (error ? reject(error) : resolve(answer))),
  );
const heard = (stream) =>
  new Promise((resolve, reject) => {
    const all = [];
    stream.on("data", (one) => all.push(one)).on("end", () => resolve(all)).on("error", reject);
  });

const publish = { document: tariff, request_id: "once" };
const created = [];
for (let n = 0; n < 2; n += 1) created.push((await call("TariffService", "PublishTariff", publish)).created);

const plan = { tariff_id: "test-water" };
const bill = { previous_date: "2020-03-01", this_date: "2020-03-31", inputs: [{ name: "m3", number: "12.5" }] };
const rated = await call("RatingService", "RateBill", { plan, bill });

const batches = stub("RatingService").RateBatch(metadata, deadline());
const answers = heard(batches);
const narrow = "COLUMN_TYPE_SFIXED32";
const columns = [
  { name: "previous", type: narrow },
  { name: "this", type: narrow },
  { name: "m3", type: "COLUMN_TYPE_SFIXED64" },
];
batches.write({ header: { plans: [plan], output: "BATCH_OUTPUT_TOTAL", columns } });
const values = [{ narrow: [18322, 18322] }, { narrow: [18352, 18352] }, { wide: ["12500", "12500"] }];
batches.write({ batch: { rows: 2, columns: values } });
batches.end();
const totals = (await answers).flatMap((one) => one.result?.totals ?? []);

const { providers } = await call("AccountService", "ListProviders", {});
const verdicts = (await heard(stub("AdminService").Verify({}, metadata, deadline()))).filter((one) => one.verdict);
const refused = await call("RatingService", "RateBill", { plan: { tariff_id: "nowhere" } }).catch((error) => error);

console.log(
  JSON.stringify({
    services: Object.values(v1).filter((one) => one.service).length,
    created,
    total: rated.total,
    totals,
    providers: providers.map((one) => one.code),
    checks: verdicts.length,
    findings: verdicts.reduce((sum, one) => sum + one.verdict.findings.length, 0),
    refused: grpc.status[refused.code],
    detailed: refused.metadata.get("grpc-status-details-bin").length,
  }),
);
process.exit(0);
