// A small self-service page over the billcore API: routes and forms. See README.md.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, EVENTS, Refused, WAYS } from "./lib/data.js";
import * as forms from "./lib/forms.js";
import { messagePage } from "./lib/frame.js";
import * as pages from "./lib/pages.js";
import { cookies, isOurs, Sessions, token } from "./lib/sessions.js";
import { LANGUAGES, typedAmount, words } from "./lib/words.js";

const FORM_BYTES_MAX = 10_000;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

const settings = {
  port: Number(process.env.PORT ?? 8080),
  host: process.env.HOST ?? "127.0.0.1",
  users: process.env.PORTAL_USERS ?? new URL("demo-users.json", import.meta.url),
  secure: process.env.PORTAL_SECURE === "1",
  address: process.env.BILLCORE_ADDRESS ?? "127.0.0.1:50051",
  keys: {
    portal: process.env.BILLCORE_KEY ?? "",
    clerk: process.env.BILLCORE_CLERK_KEY ?? "",
    house: process.env.BILLCORE_HOUSE_KEY ?? "",
  },
  channel: process.env.PORTAL_CHANNEL ?? "portal",
};
if (!settings.keys.portal) {
  console.error("BILLCORE_KEY is not set: the key of a client with the roles viewer and cashier.");
  process.exit(2);
}

const api = connect(settings);
const sessions = new Sessions(JSON.parse(readFileSync(settings.users, "utf8")), settings.secure);
const style = readFileSync(new URL("style.css", import.meta.url));
let known; // the provider, asked once

/** GET and POST by path; `:id` is a part that names something. All but the first want somebody. */
const OPEN = {
  "GET /login": (view) => answer(forms.loginPage(view)),
  "POST /login": login,
  "GET /language": language,
};
const CLOSED = {
  "GET /": async (view) => answer(pages.dashboardPage(view, await api.dashboard(view.number))),
  "GET /bills": async (view, { query }) => answer(pages.billsPage(view, await api.bills(view.number, query.get("after") ?? ""))),
  "GET /bills/:id": bill,
  "GET /bills/:id/bill.pdf": billFile,
  "GET /payments": async (view, { query }) => answer(pages.paymentsPage(view, await api.payments(view.number, query.get("after") ?? ""))),
  "GET /payments/:id/receipt.pdf": receiptFile,
  "GET /consumption": async (view) => answer(pages.consumptionPage(view, await api.consumption(view.number))),
  "GET /statement": statement,
  "GET /address": address,
  "GET /settings": settingsForm,
  "POST /settings": changeSettings,
  "GET /pay": payForm,
  "POST /pay": pay,
  "POST /logout": logout,
};
const NAMED = /^\/(bills|payments)\/([^/]+)(\/[a-z.]+)?$/;
const DIGITS = /^\d{1,19}$/;
const REFERENCE = /^[\w-]{20,60}$/;

function answer(body, status = 200, headers = {}) {
  return { status, headers, body: Buffer.isBuffer(body) ? body : String(body) };
}

/** A document to keep; null: there is none. */
function file(view, found, name) {
  if (!found) return missing(view);
  return answer(found.content, 200, { "content-type": found.type, "content-disposition": `attachment; filename="${name}"` });
}

function redirect(to, headers = {}) {
  return answer("", 303, { location: to, ...headers });
}

function login(view, { form }) {
  const session = sessions.login(view.session, form.get("login") ?? "", form.get("password") ?? "");
  if (!session) return answer(forms.loginPage(view, true), 401);
  return redirect("/", { "set-cookie": sessions.cookie(session) });
}

function logout(view) {
  sessions.logout(view.session);
  return redirect("/login");
}

function language(view, { query, referer }) {
  const to = LANGUAGES.includes(query.get("to")) ? query.get("to") : view.words.language;
  return redirect(referer, { "set-cookie": `portal_language=${to}; Path=/; SameSite=Strict; Max-Age=31536000` });
}

/** The account's id and currency, kept with the session. */
async function account(view) {
  const { session } = view;
  session.account ??= await api.dashboard(view.number).then(({ accountId, money }) => ({ id: accountId, money }));
  return session.account;
}

async function bill(view, { id }) {
  const found = DIGITS.test(id) ? await api.billOf((await account(view)).id, id) : null;
  return found ? answer(pages.billPage(view, found)) : missing(view);
}

async function billFile(view, { id }) {
  const found = DIGITS.test(id) ? await api.billFile((await account(view)).id, id, view.words.language) : null;
  return file(view, found, `bill-${id}.pdf`);
}

async function receiptFile(view, { id }) {
  const found = REFERENCE.test(id) ? await api.receiptFile((await account(view)).id, id, view.words.language) : null;
  return file(view, found, `receipt-${id}.pdf`);
}

async function statement(view, { query }) {
  const asked = Number(query.get("months") ?? 0);
  const months = pages.PERIODS.includes(asked) ? asked : 0;
  return answer(pages.statementPage(view, await api.statement(view.number, months ? daysBack(months * 31) : "", ""), months));
}

async function address(view) {
  const found = view.without.includes("address") ? null : await api.group(view.session.user.group);
  return found ? answer(pages.addressPage(view, found, (await account(view)).id)) : missing(view);
}

async function settingsForm(view, { query }) {
  if (view.without.includes("settings")) return missing(view);
  const { notifications } = await api.dashboard(view.number);
  return answer(forms.settingsPage(view, notifications, { request: token(), saved: query.has("saved") }));
}

/** The request was named with the form: sent again it changes nothing more. */
async function changeSettings(view, { form }) {
  if (view.without.includes("settings")) return missing(view);
  const request = form.get("request") ?? "";
  const wanted = {
    way: WAYS.find((name) => name === form.get("way")) ?? "NONE",
    language: (form.get("language") ?? "").slice(0, 35),
    events: EVENTS.filter((name) => form.getAll("event").includes(name)),
    version: Number(form.get("version")) | 0,
  };
  if (!REFERENCE.test(request)) return missing(view);
  try {
    await api.setPreferences(view.number, wanted, request);
    return redirect("/settings?saved");
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { notifications } = await api.dashboard(view.number);
    const told = { request: token(), error: `${view.words.t("settings.refused")} ${error.message}` };
    return answer(forms.settingsPage(view, { ...wanted, version: notifications.version }, told), 409);
  }
}

/** Whether the API said no, and would again. */
function isRefusal(error) {
  return error instanceof Refused && error.code !== "UNAVAILABLE" && error.code !== "DEADLINE_EXCEEDED";
}

/** The ISO day so many days ago. */
function daysBack(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

async function payForm(view) {
  const form = { reference: token() };
  return answer(forms.payPage(view, await api.payable(view.number), form, (await account(view)).money));
}

/** The reference was made with the form: however often it is sent, one payment is posted. */
async function pay(view, { form }) {
  const { money } = await account(view);
  const reference = (form.get("reference") ?? "").slice(0, 60);
  const typed = form.get("amount") ?? "";
  const again = async (error, status) =>
    answer(forms.payPage(view, await api.payable(view.number), { reference, amount: typed, error }, money), status);
  const amount = typedAmount(typed, money.digits);
  if (amount === null || amount <= 0n || !REFERENCE.test(reference)) return again(view.words.t("amount.wrong"), 400);
  try {
    const { fee } = await api.payable(view.number);
    return answer(forms.paidPage(view, await api.pay(view.number, amount, fee, reference), money));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return again(`${view.words.t("pay.refused")} ${error.message}`, 409);
  }
}

function missing(view) {
  return answer(messagePage(view, "404", view.words.t("missing")), 404);
}

async function form(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > FORM_BYTES_MAX) return null;
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}

async function viewOf(request, url) {
  const session = sessions.of(request);
  known ??= await api.provider();
  const chosen = cookies(request).portal_language ?? known.language;
  const { user } = session;
  const without = [!(settings.keys.house && user?.group) && "address", !settings.keys.clerk && "settings"];
  return {
    session, provider: known, path: url.pathname, number: user?.number, words: words(chosen, known.calendar),
    without: without.filter(Boolean),
  };
}

/** Where the reader came from, if that was one of our own pages: of //host/ browsers make a host. */
function cameFrom(request) {
  try {
    const url = new URL(request.headers.referer);
    return url.host === request.headers.host ? url.pathname.replace(/^\/+/, "/") + url.search : "/";
  } catch {
    return "/";
  }
}

async function handle(request, view, url) {
  const parts = NAMED.exec(url.pathname);
  const route = `${request.method} ${parts ? `/${parts[1]}/:id${parts[3] ?? ""}` : url.pathname}`;
  const action = OPEN[route] ?? (view.session.user && CLOSED[route]);
  if (!action) return view.session.user || !CLOSED[route] ? missing(view) : redirect("/login");
  const given = { query: url.searchParams, id: parts?.[2], referer: cameFrom(request) };
  if (request.method === "POST") {
    given.form = await form(request);
    if (!given.form) return answer("413", 413);
    if (!isOurs(view.session, given.form)) return answer(messagePage(view, "403", view.words.t("expired")), 403);
  }
  return action(view, given);
}

/** What is asked for; null: it is no address, as `//` is none. */
function addressed(request) {
  try {
    return new URL(request.url, "http://portal");
  } catch {
    return null;
  }
}

const server = createServer(async (request, response) => {
  const send = ({ status, headers, body }) => {
    response.writeHead(status, { ...HEADERS, ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  const url = addressed(request);
  if (!url) return send(answer("400", 400));
  if (url.pathname === "/style.css") {
    return send(answer(style, 200, { "content-type": "text/css", "cache-control": "max-age=300" }));
  }
  let view;
  try {
    view = await viewOf(request, url);
    const found = await handle(request, view, url);
    found.headers["set-cookie"] ??= sessions.cookie(view.session);
    send(found);
  } catch (error) {
    if (view && error.code === "FAILED_PRECONDITION") {
      return send(answer(messagePage(view, "409", error.message), 409)); // as receipts without keys
    }
    console.error(error);
    const status = error.code === "UNAVAILABLE" || error.code === "DEADLINE_EXCEEDED" ? 503 : 500;
    const text = (view?.words ?? words("en")).t("unavailable");
    send(view ? answer(messagePage(view, String(status), text), status) : answer(text, status, { "content-type": "text/plain; charset=utf-8" }));
  }
});

server.listen(settings.port, settings.host, () => {
  console.log(`portal: http://${settings.host}:${server.address().port}/`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
