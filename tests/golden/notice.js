// A notice about the privacy policy. It sends nothing, sets no cookie and loads nothing:
// what it says stands below, and the reader's own clock picks the sentence that is true now.
(function () {
  "use strict";
  var data = {"close": "Close", "dir": "ltr", "label": "Notice about the privacy policy of Larkspur Mail", "language": "en-US", "phases": [{"begins": null, "ends": "2014-01-01T00:00:00-08:00", "label": "Read what changes", "sentence": "1 January 2014: our privacy policy changes (cookies, data we collect).", "url": "https://larkspur.example/privacy/versions/2014-01-01/notice/"}, {"begins": "2014-01-01T00:00:00-08:00", "ends": "2014-01-31T00:00:00-08:00", "label": "Read what changed", "sentence": "1 January 2014: our privacy policy changed (cookies, data we collect).", "url": "https://larkspur.example/privacy/versions/2014-01-01/changes/"}], "version": "2014-01-01"}, name = "policytrail-notice";

  function holds(phase) {
    var now = Date.now();
    return (!phase.begins || now >= Date.parse(phase.begins)) && (!phase.ends || now < Date.parse(phase.ends));
  }

  function closed(phase, set) {
    // Kept until the window is closed; it names the sentence, never the reader.
    try {
      if (set) { sessionStorage.setItem(name, phase.sentence); }
      return sessionStorage.getItem(name) === phase.sentence;
    } catch (blocked) {
      return false;
    }
  }

  function add(parent, tag, text, style) {
    var made = document.createElement(tag);
    made.textContent = text;
    made.style.cssText = style;
    parent.appendChild(made);
    return made;
  }

  function show() {
    var phase = data.phases.filter(holds)[0], body = document.body;
    if (!phase || document.getElementById(name)) { return; }
    var box = add(body, "div", phase.sentence + " ", "box-sizing:border-box;padding:12px 16px;background:#fbf3dc;" +
      "color:#2a2410;border-bottom:2px solid #8a5a00;font:16px/1.5 system-ui,sans-serif;text-align:start");
    box.id = name;
    box.lang = data.language;
    box.dir = data.dir;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.label);
    add(box, "a", phase.label, "color:#0b4668;text-decoration:underline").href = phase.url;
    if (closed(phase)) { return; }
    var button = add(box, "button", data.close, "margin-inline-start:16px;min-height:28px;padding:2px 12px;font:inherit;" +
      "color:#2a2410;background:#fff;border:1px solid #6b5a1e;border-radius:4px;cursor:pointer");
    button.type = "button";
    button.onclick = function () {
      closed(phase, true);
      box.removeChild(button);
      body.appendChild(box);
    };
    body.insertBefore(box, body.firstChild);
  }

  if (document.body) { show(); } else { document.addEventListener("DOMContentLoaded", show); }
}());
