// Drives the portal through headless Chromium and prints what was seen, as JSON.
// Arguments: the portal's URL, a folder for files, playwright-core, a folder for screenshots if wanted.
import { writeFileSync } from "node:fs";
import process from "node:process";

const [, , url, folder, library, shots] = process.argv;
const { chromium } = await import(library);

const seen = { faults: [], screens: {} };
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
const page = await context.newPage();
page.on("console", (message) => message.type() === "error" && seen.faults.push(message.text()));
page.on("pageerror", (error) => seen.faults.push(String(error)));

const text = (selector) => page.locator(selector).allInnerTexts();
const path = () => new URL(page.url()).pathname;
const rows = async (selector) =>
  page.locator(selector).evaluateAll((found) =>
    found.map((row) => [...row.cells].map((cell) => cell.innerText.replace(/[\u2066\u2069]/g, "").replace(/\s+/g, " ").trim())),
  );

async function shot(name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

/** A file that a page links to: what the server says of it; kept in the folder. */
async function fetched(link, name) {
  const answer = await context.request.get(new URL(link, url).href);
  const body = await answer.body();
  writeFileSync(`${folder}/${name}.pdf`, body);
  return { status: answer.status(), type: answer.headers()["content-type"], name: answer.headers()["content-disposition"], bytes: body.length };
}

async function login(password) {
  await page.fill("input[name=login]", "demo");
  await page.fill("input[name=password]", password);
  const [answer] = await Promise.all([page.waitForNavigation(), page.click("main button")]);
  return answer.status();
}

await page.goto(url);
seen.stranger = path();
await shot("login");
seen.wrong = await login("wrong");
seen.wrongTold = (await text("[role=alert]")).length;
seen.faults.length = 0; // the browser tells of the 401 that was meant
const before = (await context.cookies()).find((one) => one.name === "portal_session");
await login("water-1421");
const after = (await context.cookies()).find((one) => one.name === "portal_session");
seen.renewed = before.value !== after.value;
seen.cookie = { httpOnly: after.httpOnly, sameSite: after.sameSite };

for (const language of ["fa", "ru", "en"]) {
  await page.goto(`${url}/language?to=${language}`);
  for (const screen of ["", "bills", "payments", "consumption", "statement", "address", "settings", "pay"]) {
    const name = `${language}-${screen || "dashboard"}`;
    await page.setViewportSize({ width: 1100, height: 800 });
    await page.goto(`${url}/${screen}`);
    await shot(name);
    const html = await page.locator("html").evaluate((root) => ({ lang: root.lang, dir: root.dir }));
    await page.setViewportSize({ width: 390, height: 800 });
    await shot(`${name}-narrow`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    seen.screens[name] = { ...html, title: (await text("h1"))[0], figures: await text(".figure"), overflow };
  }
}
await page.setViewportSize({ width: 1100, height: 800 });

await page.goto(`${url}/bills`);
seen.bills = await rows("tbody tr");
await page.locator("tbody a").first().click();
seen.bill = await rows("tbody tr");
await shot("en-bill");
seen.billFile = await fetched("/bills/" + page.url().split("/").pop() + "/bill.pdf", "bill");
seen.foreign = (await page.goto(`${url}/bills/1`)).status();
seen.foreignFiles = [(await context.request.get(`${url}/bills/1/bill.pdf`)).status(),
  (await context.request.get(`${url}/payments/${"x".repeat(30)}/receipt.pdf`)).status()];
seen.faults.length = 0; // and of the 404

await page.goto(`${url}/consumption`);
seen.saved = [...(await text(".card.strong h2")), ...(await text(".figure"))];
seen.charts = await page.locator("svg").evaluateAll((all) =>
  all.map((chart) => ({
    bars: [...chart.querySelectorAll("rect")].map((bar) => bar.getBBox().height),
    norms: [...chart.querySelectorAll("line.norm")].map((line) => line.getBBox().y),
    zero: Math.max(...[...chart.querySelectorAll("line.grid")].map((line) => line.getBBox().y)),
    values: [...chart.querySelectorAll(".value")].map((one) => one.textContent),
  })),
);
seen.months = await rows("tbody tr");

await page.goto(`${url}/address`);
seen.address = await page.locator(".cards .card").evaluateAll((all) =>
  all.map((card) => [card.querySelector("h2").innerText, ...[...card.querySelectorAll("dd")].map((one) => one.innerText)]),
);
seen.addressSum = await text(".figure");
seen.payHere = await page.locator(".cards .card a[href='/pay']").count();

await page.goto(`${url}/settings`);
seen.silent = await page.locator("input:checked").evaluateAll((all) => all.map((one) => one.value));
const stale = await page.locator("main form").evaluate((one) => Object.fromEntries(new FormData(one)));
await page.check("input[value=SMS]");
await page.click("main form[action='/settings'] button");
seen.ofNothing = await text("[role=alert]"); // a channel, but of nothing
seen.faults.length = 0; // and of the 409
for (const one of ["BILL_ISSUED", "PAYMENT_RECEIVED"]) await page.check(`input[value=${one}]`);
await page.selectOption("select[name=language]", "fa");
await page.click("main form[action='/settings'] button");
seen.told = await text("[role=status]");
seen.wanted = await page.locator("input:checked").evaluateAll((all) => all.map((one) => one.value));
await shot("en-settings-saved");
const late = await context.request.post(`${url}/settings`, { form: { ...stale, way: "NONE", request: "y".repeat(30) } });
seen.staleSettings = late.status();

await page.goto(`${url}/statement`);
seen.statement = await rows("tbody tr");
seen.injected = await page.locator("td img, td script").count();

const forged = await context.request.post(`${url}/pay`, {
  form: { amount: "5", reference: "x".repeat(30), csrf: "guessed" },
});
seen.forged = forged.status();

await page.goto(`${url}/pay`);
seen.asked = await page.inputValue("input[name=amount]");
await page.fill("input[name=amount]", "nothing");
await page.click("main form[action='/pay'] button");
seen.refused = await text("[role=alert]");
seen.faults.length = 0; // and of the 400
await page.goto(`${url}/pay`);
const form = await page.locator("main form").evaluate((one) => Object.fromEntries(new FormData(one)));
await page.fill("input[name=amount]", "۶۲٬۳۴۴");
await page.click("main form[action='/pay'] button");
seen.paid = await text("[role=status] .figure");
await shot("en-paid");
seen.receipt = await fetched(await page.getAttribute("[role=status] a[href$='.pdf']", "href"), "receipt");
seen.receiptAgain = await fetched(await page.getAttribute("[role=status] a[href$='.pdf']", "href"), "receipt-again");
const again = await context.request.post(`${url}/pay`, { form: { ...form, amount: "62344" } });
seen.again = again.status();
await page.goto(`${url}/payments`);
seen.payments = await rows("tbody tr");
seen.receipts = await page.locator("tbody a").count();
await page.goto(url);
seen.left = await text(".figure");

await page.click("header form button");
seen.loggedOut = path();
await context.addCookies([{ ...after }]);
await page.goto(url);
seen.old = path();
await browser.close();
console.log(JSON.stringify(seen));
