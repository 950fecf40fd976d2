"use strict";
const test = JSON.parse(document.getElementById("test").textContent);
const key = "rewas-listen-" + test.id;
const main = document.getElementById("main");
const isMushra = test.kind === "mushra";
let state = { participant: "", at: -1, answers: {} };
try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (kept && typeof kept === "object" && kept.answers) state = Object.assign(state, kept);
} catch { /* nothing is kept, or the browser keeps nothing */ }

let context = null, playing = null, buffers = new Map(), wishes = 0;

function keep() {
    try { localStorage.setItem(key, JSON.stringify(state)); } catch { /* private windows may keep nothing */ }
}

const scaleWords = ["bad", "poor", "fair", "good", "excellent"];

// BS.1534-3 divides the scale into five equal parts.
function wordOf(rating) {
    return scaleWords[Math.min(scaleWords.length - 1, Math.floor(rating / 20))];
}

function element(name, text, more) {
    const made = Object.assign(document.createElement(name), more || {});
    if (text !== undefined) made.textContent = text;
    return made;
}

async function bufferOf(id) {
    if (!buffers.has(id)) {
        const text = document.getElementById("sound-" + id).textContent;
        const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        buffers.set(id, context.decodeAudioData(bytes.buffer));
    }
    return buffers.get(id);
}

function stop() {
    wishes++;
    if (playing) playing.source.stop();
    playing = null;
    for (const button of main.querySelectorAll("button[data-sound]")) button.setAttribute("aria-pressed", "false");
}

// Switching goes on at the same place, so that the same moment can be compared.
async function play(id) {
    const wish = ++wishes;
    context = context || new AudioContext();
    await context.resume();
    const buffer = await bufferOf(id);
    if (wish !== wishes) return; // another sound, or another page, was asked for meanwhile
    const from = playing ? (context.currentTime - playing.since + playing.from) % buffer.duration : 0;
    const same = playing && playing.id === id;
    stop();
    if (same) return;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(context.destination);
    source.start(0, from);
    playing = { id, source, from, since: context.currentTime };
    const button = main.querySelector("button[data-sound='" + id + "']");
    if (button) button.setAttribute("aria-pressed", "true");
}

function soundButton(name, id) {
    const button = element("button", name);
    button.dataset.sound = id;
    button.setAttribute("aria-pressed", "false");
    button.onclick = () => play(id);
    return button;
}

function showStart() {
    const name = element("input", undefined, { id: "participant", value: state.participant, maxLength: 64 });
    const start = element("button", "Begin");
    start.onclick = () => {
        state.participant = name.value;
        state.at = 0;
        keep();
        show();
    };
    const label = element("label", "A name or number for you (may be empty): ");
    label.append(name);
    main.replaceChildren(
        element("h1", "Listening test"),
        element("p", isMushra
            ? "Each page has a reference and several sounds. Rate how good each sound is compared with the reference, from 0 (bad) to 100 "
                + "(excellent). One of the sounds is the reference itself; it should get 100."
            : "Each page has three sounds: A, B and X. X is the same as A or the same as B. Say which."),
        element("p", "Use headphones. Set a comfortable volume now and leave it. All sounds are equally loud."),
        keys(), label, element("p"), start);
    start.focus();
}

// A heading that has the focus is read first when the page has changed.
function heading(text) {
    return element("h1", text, { tabIndex: -1 });
}

function keys() {
    return element("p", isMushra
        ? "Keys: 0 plays the reference, 1 to 9 the sounds, s stops; arrow keys move a focused slider; n goes on, p goes back."
        : "Keys: a, b and x play, s stops; 1 says that X is A, 2 that X is B; n goes on, p goes back.");
}

function showTrial(trial) {
    const answer = state.answers[trial.id] = state.answers[trial.id] || {};
    const rows = [];
    if (isMushra) {
        const scale = element("div", undefined, { className: "scale" });
        const words = element("span");
        words.append(...scaleWords.map(word => element("span", word)));
        scale.append(element("span"), words, element("span"));
        rows.push(soundButton("Reference", trial.reference), scale);
        trial.stimuli.forEach((id, i) => {
            const row = element("div", undefined, { className: "row" });
            const slider = element("input", undefined, { type: "range", min: 0, max: 100, step: 1, value: answer[id] ?? 0 });
            slider.id = "rate-" + id;
            slider.setAttribute("aria-label", "Rating of sound " + (i + 1));
            const shown = element("output");
            shown.setAttribute("for", slider.id);
            const tell = () => {
                shown.textContent = answer[id] ?? "–";
                slider.setAttribute("aria-valuetext", answer[id] === undefined ? "not rated" : answer[id] + ", " + wordOf(answer[id]));
            };
            const rate = () => {
                answer[id] = Number(slider.value);
                tell();
                keep();
                next.disabled = !isDone(trial);
            };
            slider.oninput = slider.onclick = rate;
            // A rating of 0 moves nothing, so it is no input. The key or the click says it.
            slider.onkeydown = event => {
                if (slider.value === "0" && ["ArrowLeft", "ArrowDown", "Home", "PageDown"].includes(event.key)) rate();
            };
            tell();
            row.append(soundButton("Sound " + (i + 1), id), slider, shown);
            rows.push(row);
        });
    } else {
        const players = element("p");
        players.append(soundButton("A", trial.stimuli[0]), " ", soundButton("B", trial.stimuli[1]), " ", soundButton("X", trial.reference));
        rows.push(players);
        const choice = element("fieldset");
        choice.append(element("legend", "X is"));
        trial.stimuli.forEach((id, i) => {
            const radio = element("input", undefined, { type: "radio", name: "x", id: "x" + i, checked: answer.x === id });
            radio.onchange = () => {
                answer.x = id;
                keep();
                next.disabled = !isDone(trial);
            };
            choice.append(radio, element("label", " " + "AB"[i] + "  ", { htmlFor: "x" + i }));
        });
        rows.push(choice);
    }
    const back = element("button", "Back"), next = element("button", state.at + 1 < test.trials.length ? "Next" : "Finish");
    back.id = "back";
    next.id = "next";
    back.onclick = () => go(-1);
    next.onclick = () => go(1);
    next.disabled = !isDone(trial);
    const navigation = element("nav");
    navigation.append(back, next);
    main.replaceChildren(heading("Page " + (state.at + 1) + " of " + test.trials.length), keys(), ...rows, navigation);
}

function isDone(trial) {
    const answer = state.answers[trial.id] || {};
    return isMushra ? trial.stimuli.every(id => typeof answer[id] === "number") : trial.stimuli.includes(answer.x);
}

function go(step) {
    stop();
    buffers = new Map();
    state.at = Math.min(test.trials.length, Math.max(0, state.at + step));
    keep();
    show();
}

function answersAsJson() {
    return JSON.stringify({
        test: test.id,
        kind: test.kind,
        participant: state.participant,
        answers: test.trials.filter(isDone).map(trial => isMushra
            ? { trial: trial.id, ratings: Object.fromEntries(trial.stimuli.map(id => [id, state.answers[trial.id][id]])) }
            : { trial: trial.id, x: state.answers[trial.id].x }),
    }, null, 1);
}

function showEnd() {
    const save = element("button", "Save the answers"), again = element("button", "Delete the answers from this browser");
    save.id = "save";
    save.onclick = () => {
        const link = element("a", undefined, {
            href: URL.createObjectURL(new Blob([answersAsJson()], { type: "application/json" })),
            download: "answers-" + test.id + ".json",
        });
        link.click();
        URL.revokeObjectURL(link.href);
    };
    again.onclick = () => {
        state = { participant: "", at: -1, answers: {} };
        try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
        show();
    };
    const text = element("textarea", answersAsJson(), { readOnly: true, rows: 8, cols: 60, id: "answers" });
    text.setAttribute("aria-label", "Your answers");
    const back = element("button", "Back");
    back.onclick = () => go(-1);
    const navigation = element("nav");
    navigation.append(back, save, again);
    main.replaceChildren(
        heading("Thank you"),
        element("p", "Save the answers as a file and give it to whoever asked you. They stay in this browser until you delete them."),
        text, navigation);
}

function show() {
    if (state.at < 0) showStart();
    else if (state.at < test.trials.length) showTrial(test.trials[state.at]);
    else showEnd();
    main.querySelector("h1[tabindex]")?.focus();
}

document.addEventListener("keydown", event => {
    if (event.target.matches("input:not([type=range]):not([type=radio]), textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const trial = test.trials[state.at];
    if (!trial) return;
    const sounds = isMushra
        ? { "0": trial.reference, ...Object.fromEntries(trial.stimuli.slice(0, 9).map((id, i) => [String(i + 1), id])) }
        : { a: trial.stimuli[0], b: trial.stimuli[1], x: trial.reference };
    const pressed = event.key.toLowerCase();
    if (pressed === " " && event.target.matches("button, input[type=radio]")) return; // it presses what has the focus
    if (sounds[pressed]) play(sounds[pressed]);
    else if (!isMushra && (pressed === "1" || pressed === "2")) document.getElementById("x" + (Number(pressed) - 1)).click();
    else if (pressed === " " || pressed === "s") stop();
    else if (pressed === "n" && isDone(trial)) go(1);
    else if (pressed === "p") go(-1);
    else return;
    event.preventDefault();
});
show();
