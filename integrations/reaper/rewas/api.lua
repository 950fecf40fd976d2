-- The routes of the web API that the script uses. Every answer is checked: a server is a stranger.

local curl = require("curl")
local fault = require("fault")
local json = require("json")

local api = {}

local PART = 4 * 1024 * 1024
local LONGEST_ANALYSIS = 1800                                               -- seconds of the first look at a long film
local LONGEST_DOWNLOAD = 1800
local PATIENCE = 120                                                        -- seconds that a server with a sound of ours may be away
local MOST_CANDIDATES, MOST_PIECES, MOST_VALUES = 8, 20000, 8640000
local STATES = { queued = true, running = true, succeeded = true, failed = true, cancelled = true }

local function wrong(route, name)
  fault.raise(("the server's answer to %s has no right '%s'; is it a Rewas server of this version?"):format(route, name))
end

local function number(route, name, value, least, most)
  if type(value) ~= "number" or value < least or value > most then wrong(route, name) end
  return value
end

local function text(route, name, value)
  if type(value) ~= "string" then wrong(route, name) end
  return value
end

-- Ids become parts of addresses.
local function id(route, value)
  if type(value) ~= "string" or #value > 200 or not value:find("^[%w_%-]+$") then wrong(route, "id") end
  return value
end

local function list(route, name, value, most)
  if not json.is_array(value) or #value > most then wrong(route, name) end
  return value
end

local function key() return "Idempotency-Key: " .. reaper.genGuid(""):gsub("[^%w]", "") end

-- That the server is a Rewas server that serves.
function api.hello()
  text("/v1/health", "version", curl.send({ method = "GET", path = "/v1/health", seconds = 20 }).version)
end

-- Sends a file in parts, so that it can be stopped and can go on after a broken connection. Gives its id.
function api.upload(path, told)
  local name = path:match("[^/\\]+$") or path
  local file, why = io.open(path, "rb")
  if not file then fault.raise("the file cannot be read: " .. tostring(why)) end
  local bytes = file:seek("end")
  if bytes == 0 then
    file:close()
    fault.raise("the file is empty: " .. path)
  end
  local function send()
    local announced = { bytes = bytes, name = utf8.len(name) and #name <= 200 and name or "film" }
    local sent = curl.send({ method = "POST", path = "/v1/files", json = announced, headers = { key() } })
    local film = id("/v1/files", sent.id)
    local received, still = number("/v1/files", "received", sent.received, 0, bytes), 0
    while received < bytes do
      told(("sending %s: %d %%"):format(name, received * 100 // bytes), received / bytes)
      file:seek("set", received)
      local part = file:read(PART)
      if not part then fault.raise("the file has become shorter while it was read: " .. path) end
      local range = ("Content-Range: bytes %d-%d/%d"):format(received, received + #part - 1, bytes)
      local answer = curl.send(
        { method = "PUT", path = "/v1/files/" .. film, part = part, headers = { range }, seconds = 300 }, { [409] = true })
      -- A part whose answer was lost is answered with 409 when it comes again. Then the server is asked how much it has.
      answer = answer or curl.send({ method = "GET", path = "/v1/files/" .. film .. "/status" })
      local now = number("/v1/files", "received", answer.received, 0, bytes)
      still = now > received and 0 or still + 1
      if still > 3 then fault.raise("the server does not take the file: " .. name) end
      received = now
    end
    return film
  end
  local done, result = pcall(send)
  file:close()
  if not done then error(result, 0) end
  return result
end

-- Length of the film in seconds, and its energy: 100 values a second.
function api.analyse(film)
  local route = "/v1/files/ID/analysis"
  local seen = curl.send({ method = "POST", path = "/v1/files/" .. film .. "/analysis", seconds = LONGEST_ANALYSIS })
  local curve = list(route, "curve", seen.curve, MOST_VALUES)
  if #curve == 0 then wrong(route, "curve") end
  for _, value in ipairs(curve) do number(route, "curve", value, -12, 3) end
  return number(route, "seconds", seen.seconds, 0, MOST_VALUES / 100), curve
end

local function sound(answer)
  local route = "/v1/sounds"
  local progress = type(answer.progress) == "table" and answer.progress or {}
  local seen = { id = id(route, answer.id), status = text(route, "status", answer.status) }
  if not STATES[seen.status] then wrong(route, "status") end
  local windows, steps = tonumber(progress.windows) or 0, tonumber(progress.steps) or 0
  local done = (tonumber(progress.windows_done) or 0) + (steps > 0 and (tonumber(progress.step) or 0) / steps or 0)
  seen.part = windows > 0 and math.max(0, math.min(1, done / windows)) or 0
  seen.before = tonumber(progress.queue_position) or 0
  if seen.status == "failed" then
    seen.error = type(answer.error) == "table" and type(answer.error.message) == "string" and answer.error.message or "no reason was given"
  elseif seen.status == "succeeded" then
    seen.candidates = {}
    for i, candidate in ipairs(list(route, "candidates", answer.candidates, MOST_CANDIDATES)) do
      if type(candidate) ~= "table" then wrong(route, "candidates") end
      seen.candidates[i] = { rank = i - 1, score = type(candidate.score) == "number" and candidate.score or nil }
    end
    if #seen.candidates == 0 then wrong(route, "candidates") end
  end
  return seen
end

-- Starts a sound. nil if the server no longer has a file that the order names.
function api.order(order)
  local answer = curl.send({ method = "POST", path = "/v1/sounds", json = order, headers = { key() } }, { [404] = true })
  return answer and sound(answer)
end

function api.sound(name) return sound(curl.send({ method = "GET", path = "/v1/sounds/" .. name, patience = PATIENCE })) end

function api.cancel(name) curl.send({ method = "POST", path = ("/v1/sounds/%s/cancel"):format(name), once = true, seconds = 15 }) end

-- Writes a candidate as WAV.
function api.download(name, rank, path)
  curl.send({
    method = "GET", path = ("/v1/sounds/%s/content?format=wav&candidate=%d"):format(name, rank), output = path, seconds = LONGEST_DOWNLOAD,
    patience = PATIENCE,
  })
end

-- Writes a recording of the server's library.
function api.recording(hash, path)
  curl.send({ method = "GET", path = ("/v1/library/sounds/%s/content"):format(hash), output = path, seconds = LONGEST_DOWNLOAD })
end

-- The volume of a piece over its time: points of time from its start in s and factor, as a flat list of the sidecar.
local function gain_line(route, flat)
  local points = {}
  if flat == nil or flat == json.null then return points end
  list(route, "gainCurve", flat, 2 * MOST_VALUES)
  for i = 1, #flat - 1, 2 do
    points[#points + 1] = { number(route, "gainCurve", flat[i], -3600, MOST_VALUES / 100), number(route, "gainCurve", flat[i + 1], 0, 1e6) }
  end
  return points
end

-- Where the recordings lie in the best candidate: names of the recordings, and pieces with times in seconds. It is read from the sidecar,
-- because that has the volume of a piece over its time.
function api.placement(name)
  local route = "/v1/sounds/ID/sidecar"
  local sidecar = curl.send({ method = "GET", path = ("/v1/sounds/%s/sidecar?candidate=0"):format(name), patience = PATIENCE })
  local used = sidecar.references
  if type(used) ~= "table" then return {}, {} end
  local first = json.is_array(sidecar.candidates) and type(sidecar.candidates[1]) == "table" and sidecar.candidates[1].candidate or 0
  local recordings, rates, pieces = {}, {}, {}
  for i, recording in ipairs(list(route, "recordings", used.recordings, 1000)) do
    if type(recording) ~= "table" then wrong(route, "recordings") end
    recordings[i], rates[i] = text(route, "name", recording.name), number(route, "sampleRate", recording.sampleRate, 1000, 1e6)
  end
  for _, candidate in ipairs(list(route, "candidates", used.candidates, MOST_CANDIDATES)) do
    if type(candidate) == "table" and candidate.candidate == first then pieces = list(route, "pieces", candidate.pieces, MOST_PIECES) end
  end
  local placed = {}
  for i, piece in ipairs(pieces) do
    if type(piece) ~= "table" then wrong(route, "pieces") end
    local function time(field) return number(route, field, piece[field], 0, MOST_VALUES / 100) end
    local recording = number(route, "recording", piece.recording, 0, #recordings - 1) + 1
    placed[i] = {
      id = text(route, "id", piece.id), recording = recording, at = time("atSeconds"), seconds = time("seconds"),
      source_start = number(route, "sourceStart", piece.sourceStart, 0, 1e12) / rates[recording],
      speed = number(route, "speedPercent", piece.speedPercent, 1, 1000) / 100,
      gain = number(route, "gain", piece.gain, 0, 1000), gain_line = gain_line(route, piece.gainCurve),
      fade_in = time("fadeInSeconds"), fade_out = time("fadeOutSeconds"),
    }
  end
  return recordings, placed
end

return api
