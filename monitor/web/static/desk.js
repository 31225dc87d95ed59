"use strict";
// Keys for those who would rather not reach for the mouse. Everything works without this file.
(() => {
  const rooms = { t: "/", s: "/stories", o: "/topics", f: "/feeds", d: "/deliveries", p: "/past" };
  let waiting = 0;
  const isTyping = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const go = (step) => {
    const lines = [...document.querySelectorAll(".line, .report")];
    const at = lines.findIndex((line) => line.contains(document.activeElement));
    const next = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + step))];
    if (next) {
      (next.querySelector("a") || next).focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    // A keyboard set to another script has no such letters: there the place of the key counts.
    const key = event.key.length === 1 && event.key > "~" ? event.code.replace("Key", "").toLowerCase() : event.key;
    if (Date.now() - waiting < 1500 && rooms[key]) {
      window.location.href = rooms[key];
      return;
    }
    waiting = key === "g" ? Date.now() : 0;
    if (key === "j") go(1);
    else if (key === "k") go(-1);
    else if (key === "/") {
      const field = document.getElementById("q");
      event.preventDefault();
      if (field) field.focus();
      else window.location.href = "/search#q";
    }
  });
  if (window.location.hash === "#q") document.getElementById("q")?.focus();
})();
