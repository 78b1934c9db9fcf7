// The desks: one field takes every scan, whatever has the focus; right and wrong can be heard; a scan
// that finds no connection waits and is sent again. Without this file the forms work all the same.
"use strict";

const RETRY_MS = 1500;
const form = document.getElementById("scan-form");
const field = document.getElementById("scan");
const state = document.getElementById("desk-state");
const isLive = field?.dataset.beeps === "live";
const shelf = `desk:${location.pathname}`;

/* Sound, made here: no files. Browsers allow it after the first key or touch. */

const TUNES = {
  RIGHT: [[1046, 0, 0.09]],
  ASK: [[660, 0, 0.12], [880, 0.14, 0.16]],
  WRONG: [[196, 0, 0.22], [147, 0.24, 0.34]],
  PACKED: [[784, 0, 0.1], [988, 0.11, 0.1], [1318, 0.22, 0.24]],
};
let speaker = null;

function wake() {
  speaker ??= new AudioContext();
  if (speaker.state === "suspended") {
    speaker.resume();
  }
}

function play(name) {
  const tune = TUNES[name];
  if (!tune) {
    return;
  }
  document.body.dataset.heard = name;
  if (!speaker) {
    return;
  }
  const loud = name === "WRONG" ? 0.5 : 0.25;
  for (const [pitch, begin, length] of tune) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    const at = speaker.currentTime + begin;
    tone.type = name === "WRONG" ? "sawtooth" : "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(loud, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(volume).connect(speaker.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}

function hear() {
  const shown = state?.querySelector("[data-tone]");
  play(shown?.dataset.end === "PACKED" ? "PACKED" : shown?.dataset.tone);
}

document.addEventListener("keydown", wake);
document.addEventListener("pointerdown", wake);

/* The focus belongs to the field, unless somebody types elsewhere. */

const TYPED = "input, textarea, select, button, a, summary";

document.addEventListener("keydown", (event) => {
  if (field && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey
      && !event.target.closest("input, textarea, select")) {
    field.focus();
  }
});
document.addEventListener("click", (event) => {
  if (field && !event.target.closest(TYPED) && !String(getSelection())) {
    field.focus();
  }
});
document.addEventListener("visibilitychange", () => {
  if (field && !document.hidden) {
    field.focus();
  }
});

/* Scans wait in line, and on the shelf, until the server has them. */

function token() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function readShelf() {
  try {
    return JSON.parse(localStorage.getItem(shelf)) ?? [];
  } catch {
    return [];
  }
}

let line = isLive ? readShelf() : [];
let isSending = false;

function store() {
  try {
    if (line.length) {
      localStorage.setItem(shelf, JSON.stringify(line));
    } else {
      localStorage.removeItem(shelf);
    }
  } catch {
    // Private windows may refuse; the line is kept in memory.
  }
  document.body.classList.toggle("is-waiting", line.length > 0);
}

function queue(name, text) {
  const again = form.elements.namedItem("again")?.value ?? "";
  line.push({ name, text, again, token: token() });
  store();
  send();
}

async function send() {
  if (isSending || !line.length) {
    return;
  }
  isSending = true;
  try {
    const answer = await post(line[0]);
    const said = await answer.text();
    if (!isOurs(answer, said)) {
      throw new Error("Somebody else answered");
    }
    line.shift();
    store();
    show(answer, said);
  } catch {
    document.body.classList.add("is-offline");
    setTimeout(send, RETRY_MS);
    return;
  } finally {
    isSending = false;
  }
  document.body.classList.remove("is-offline");
  send();
}

async function post(scan) {
  const said = new FormData();
  said.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  said.set(scan.name, scan.text);
  said.set("token", scan.token);
  said.set("again", scan.again);
  const answer = await fetch(location.href, {
    method: "POST", body: said, headers: { "X-Bench": "1" }, credentials: "same-origin",
  });
  return answer;
}

// A proxy, a portal or a server that starts has not heard the scan.
function isOurs(answer, said) {
  return mustLeave(answer) || (answer.ok && said.includes("data-tone="));
}

function mustLeave(answer) {
  return answer.redirected || answer.status === 403 || answer.status === 404;
}

function show(answer, said) {
  if (mustLeave(answer)) {
    line = [];
    store();
    location.assign(answer.redirected ? answer.url : location.href);
    return;
  }
  state.innerHTML = said;
  hear();
  present({ prints: true });
  if (state.querySelector("[data-end='PACKED']")) {
    document.querySelector("label[for=scan]").textContent = "Scan the next order, picklist or task";
  }
}

if (form && isLive) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed?.name === "command") {
      queue("command", pressed.value);
    } else if (field.value.trim()) {
      queue("scan", field.value);
      field.value = "";
    }
    field.focus();
  });
  store();
  send();
}

/* Label and invoice: shown and printed where the browser can show such files. */

function present({ prints }) {
  const frame = state?.querySelector("iframe[data-papers]");
  if (!frame || !navigator.pdfViewerEnabled) {
    return;
  }
  if (prints) {
    frame.addEventListener("load", () => frame.contentWindow?.print(), { once: true });
  }
  frame.src = frame.dataset.papers;
  frame.hidden = false;
}

/* The dock: a scan ticks its row. */

const board = document.getElementById("waiting-parcels");

function tick(code) {
  const wanted = `|${code.trim().toUpperCase()}|`;
  const row = [...board.querySelectorAll("[data-codes]")].find(
    (each) => each.dataset.codes.toUpperCase().includes(wanted),
  );
  const box = row?.querySelector("input[type=checkbox]:enabled");
  const said = document.getElementById("dock-said");
  if (!box) {
    said.textContent = row ? `${code}: not ready to leave` : `${code} does not wait here`;
    said.className = "said said-WRONG";
    play("WRONG");
    return;
  }
  const isNew = !box.checked;
  box.checked = true;
  row.scrollIntoView({ block: "nearest" });
  said.textContent = isNew ? `${code} ticked` : `${code} was ticked already`;
  said.className = `said said-${isNew ? "RIGHT" : "ASK"}`;
  play(isNew ? "RIGHT" : "ASK");
  count();
}

function count() {
  for (const group of board.querySelectorAll("form")) {
    const ticked = group.querySelectorAll("input[name=task]:checked").length;
    const shown = group.querySelector("[data-ticked]");
    if (shown) {
      shown.textContent = ticked ? `${ticked} ticked` : "";
    }
  }
}

if (board) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) {
      tick(field.value.trim());
      field.value = "";
    }
  });
  board.addEventListener("change", (event) => {
    const all = event.target.closest("input[data-all]");
    if (all) {
      for (const box of all.form.querySelectorAll("input[name=task]:enabled")) {
        box.checked = all.checked;
      }
    }
    count();
  });
  count();
}

/* Cut-offs: how long it still is, without a reload. */

function sayTimes() {
  for (const each of document.querySelectorAll("time[data-until]")) {
    const minutes = Math.floor((Date.parse(each.dataset.until) - Date.now()) / 60000);
    if (!Number.isNaN(minutes)) {
      each.textContent = minutes < 0 ? "has passed" : `in ${spell(minutes)}`;
      each.classList.toggle("overdue", minutes < 0);
      each.classList.toggle("is-near", minutes >= 0 && minutes < 30);
    }
  }
}

function spell(minutes) {
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

sayTimes();
setInterval(sayTimes, 20000);
if (!isLive) {
  hear();
} else {
  present({ prints: false });
}
