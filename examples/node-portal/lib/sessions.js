// Who is logged in: sessions in memory, named by a random cookie; passwords as scrypt hashes.
import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const COOKIE = "portal_session";
const MINUTES = 30;
const SESSIONS_MAX = 10_000;
const TRIES = 5;
const LOCKED_MINUTES = 15;

export class Sessions {
  #users = new Map();
  #strangers = new Map(); // apart: however many come, nobody is logged out
  #failures = new Map();

  /** secure: the page is served over TLS, and so are its cookies. */
  constructor(users, secure) {
    this.users = users;
    this.secure = secure;
  }

  /** The session of a request; a new one without anybody where there is none. */
  of(request) {
    const named = cookies(request)[COOKIE];
    const found = this.#users.get(named) ?? this.#strangers.get(named);
    if (found && found.until > Date.now()) {
      found.until = Date.now() + MINUTES * 60_000;
      return found;
    }
    return add(this.#strangers, {});
  }

  /** The header that gives the browser its session. */
  cookie(session) {
    const flags = `Path=/; HttpOnly; SameSite=Strict${this.secure ? "; Secure" : ""}`;
    return `${COOKIE}=${session.id}; ${flags}`;
  }

  /** A session of the user, under a new name; null: wrong, or locked for some minutes. */
  login(session, name, password) {
    const failed = this.#failures.get(name);
    if (failed && failed.tries >= TRIES && failed.until > Date.now()) return null;
    const user = this.users.find((one) => one.login === name);
    const { salt, hash } = user ?? { salt: "00", hash: "00".repeat(32) };
    const given = scryptSync(password, Buffer.from(salt, "hex"), 32);
    if (!timingSafeEqual(given, Buffer.from(hash, "hex")) || !user) {
      const tries = failed && failed.until > Date.now() ? failed.tries + 1 : 1;
      if (this.#failures.size >= SESSIONS_MAX) this.#failures.clear();
      this.#failures.set(name, { tries, until: Date.now() + LOCKED_MINUTES * 60_000 });
      return null;
    }
    this.#failures.delete(name);
    this.logout(session);
    return add(this.#users, { user: { login: user.login, name: user.name, number: user.number, group: user.group } });
  }

  logout(session) {
    this.#users.delete(session.id);
    this.#strangers.delete(session.id);
  }
}

function add(sessions, what) {
  for (const [id, one] of sessions) {
    if (one.until > Date.now() && sessions.size < SESSIONS_MAX) break;
    sessions.delete(id); // the oldest first: a map keeps its order
  }
  const session = { id: token(), csrf: token(), until: Date.now() + MINUTES * 60_000, ...what };
  sessions.set(session.id, session);
  return session;
}

/** Whether a form was made by a page of this session. */
export function isOurs(session, form) {
  const given = Buffer.from(form.get("csrf") ?? "");
  const wanted = Buffer.from(session.csrf);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export function token() {
  return randomBytes(32).toString("base64url");
}

export function cookies(request) {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return Object.fromEntries(pairs.filter((pair) => pair.length === 2));
}
