// Copy buttons, and one open filter at a time. Everything works without this file.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) {
    return;
  }
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
  }
});

document.addEventListener("click", (event) => {
  for (const pick of document.querySelectorAll("details.pick[open]")) {
    if (!pick.contains(event.target)) {
      pick.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing) {
    const field = document.getElementById("searchbar") || document.getElementById("find");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});
