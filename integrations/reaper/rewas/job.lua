-- From a selection to a sound in the project. A job is a coroutine: each resume is one turn of REAPER's defer loop, and takes no time.

local api = require("api")
local curl = require("curl")
local energy = require("energy")
local fault = require("fault")
local json = require("json")
local project = require("project")

local job = {}

local BETWEEN_LOOKS = 0.5                                                   -- seconds between two questions how far the sound is

-- Waits for the end of a sound, and tells how far it is. Stops the sound at the server if the user stops the job.
local function wait_for(sound, told)
  local name = sound.id
  local done, thrown = pcall(function()
    while sound.status == "queued" or sound.status == "running" do
      local what = sound.before > 0 and ("waiting for %d sounds before"):format(sound.before) or "making sound"
      told(what, sound.part)
      curl.pause(BETWEEN_LOOKS)
      sound = api.sound(name)
    end
  end)
  if not done then
    if fault.is(thrown) and thrown.cancelled then pcall(api.cancel, name) end
    error(thrown, 0)
  end
  if sound.status == "failed" then fault.raise("the server could not make the sound: " .. sound.error) end
  if sound.status == "cancelled" then fault.raise("the sound was cancelled at the server") end
  return sound
end

local function fetch(sound, prompt, told)
  local base = ("%s/%s"):format(project.folder(), project.file_name(prompt, sound.id))
  for _, candidate in ipairs(sound.candidates) do
    told(("fetching candidate %d of %d"):format(candidate.rank + 1, #sound.candidates), candidate.rank / #sound.candidates)
    candidate.path = ("%s-%d.wav"):format(base, candidate.rank + 1)
    api.download(sound.id, candidate.rank, candidate.path)
  end
  return sound.candidates
end

-- Paths of the recordings that pieces were cut from: the user's own files, and what the server's library gave.
local function pieces_of(sound, files, told)
  local recordings, pieces = api.placement(sound.id)
  if #pieces == 0 then return nil end
  local paths = {}
  for i, name in ipairs(recordings) do
    local hash = name:match("^library:(%x+)$")
    if files[name] then
      paths[i] = files[name]
    elseif hash and #hash == 64 then
      told("fetching recordings of the library", i / #recordings)
      paths[i] = ("%s/library-%s.wav"):format(project.folder(), hash:sub(1, 16))
      api.recording(hash, paths[i])
    else
      fault.raise("the server names a recording that was not sent: " .. name)
    end
  end
  return pieces, paths
end

-- An order of the API, from what the form asks for.
local function order_of(form, recordings)
  local order = {
    prompt = form.prompt, candidates = form.candidates, seed = form.seed, format = "wav", ["sample-format"] = "pcm24",
    negative = form.negative ~= "" and form.negative or nil,
  }
  if #recordings > 0 then order.reference = json.array(recordings) end
  return order
end

local function send_recordings(paths, told)
  local names, files = {}, {}
  for i, path in ipairs(paths) do
    names[i] = api.upload(path, told)
    files[names[i]] = path
  end
  return names, files
end

-- Orders a sound and brings back what the project needs. film() sends the film again if the server no longer has it.
local function make(order, form, files, film, told)
  local sound = api.order(order)
  if not sound and order.file then
    order.file = film()
    sound = api.order(order)
  end
  if not sound then fault.raise("the server no longer has what the order names: run the script again on the video item") end
  sound = wait_for(sound, told)
  local made = { candidates = fetch(sound, form.prompt, told) }
  if #(order.reference or {}) > 0 then made.pieces, made.paths = pieces_of(sound, files, told) end
  return made
end

local function first_time(chosen, form, told)
  local film, range = chosen.film, chosen.range
  told("looking for the server", 0)
  api.hello()
  local function send() return api.upload(film.path, told) end
  local file = send()
  told("looking at the picture", 0)
  local _, curve = api.analyse(file)
  curve = energy.slice(curve, range.source_start, range.seconds)
  local names, files = send_recordings(chosen.recordings, told)
  local order = order_of(form, names)
  -- A part of a film is ordered by its energy, so the film need not be cut.
  if range.whole then order.file = file else order.curve = json.array(curve) end
  local made = make(order, form, files, send, told)
  made.curve = curve
  made.kept = {
    path = film.path, file = file, whole = range.whole, seconds = #curve / energy.rate(), recordings = json.array(chosen.recordings),
    order = { prompt = form.prompt, negative = form.negative, candidates = form.candidates, seed = form.seed },
  }
  project.place(film, range, made)
end

local function another_time(again, form, told)
  local kept, item = again.kept, again.item
  local start = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    - reaper.GetMediaItemTakeInfo_Value(reaper.GetActiveTake(item), "D_STARTOFFS")
  local seconds = tonumber(kept.seconds) or 0
  local curve = seconds > 0 and energy.read(again.track, start, seconds)
  if not curve then fault.raise("the track has lost its lane of energy: run the script on the video item again") end
  told("looking for the server", 0)
  api.hello()
  local names, files = send_recordings(kept.recordings, told)
  local order = order_of(form, names)
  order.curve = json.array(curve)
  local function send() return api.upload(kept.path, told) end
  if kept.whole then order.file = type(kept.file) == "string" and kept.file or send() end
  local made = make(order, form, files, send, told)
  made.kept, made.start = kept, start
  kept.file = order.file or kept.file
  kept.order = { prompt = form.prompt, negative = form.negative, candidates = form.candidates, seed = form.seed }
  project.add(again, made)
end

-- form: prompt, negative, candidates, seed. told(text, part) is called with what happens now.
function job.start(chosen, form, told)
  return coroutine.create(function()
    if chosen.again then another_time(chosen.again, form, told) else first_time(chosen, form, told) end
  end)
end

-- One turn. Gives true while the job goes on; else false, and what was thrown (nil if all went well).
function job.turn(running, stop)
  local alive, thrown = coroutine.resume(running, stop)
  if not alive then return false, thrown end
  return coroutine.status(running) ~= "dead"
end

return job
