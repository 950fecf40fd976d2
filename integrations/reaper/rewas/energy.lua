-- The energy curve of the API (100 values a second, natural-log mel magnitude) as an envelope in dB, and back.
-- The envelope moves the one slider of an effect that passes the sound on as it is, so it changes nothing that is heard.

local fault = require("fault")

local energy = {}

local DECIBELS = 20 / math.log(10)                                          -- of one unit of the curve
local SILENCE, LOUDEST = -11.512925, 2
local TOLERANCE = 0.3                                                       -- dB that the lines between points may lie beside the curve
local SPAN = 512                                                            -- values that are thinned at a time
local EFFECT_FOLDER, EFFECT_FILE = "Rewas", "energy.jsfx"
local EFFECT = [[
desc:Rewas energy (draw it, then run the Rewas script again)
options:no_meter
slider1:-100<-100,20,0.1>Energy (dB)

@sample
0; // the sound passes on as it is
]]

function energy.rate() return 100 end

function energy.decibels(value) return value * DECIBELS end

-- Numbers of the values that lines through them describe all others by. First and last are among them.
local function kept(curve, first, last, keep)
  local open = { { first, last } }
  keep[first], keep[last] = true, true
  while #open > 0 do
    local from, to = table.unpack(table.remove(open))
    local worst, at = TOLERANCE / DECIBELS, nil
    local slope = to > from and (curve[to] - curve[from]) / (to - from) or 0
    for i = from + 1, to - 1 do
      local beside = math.abs(curve[i] - (curve[from] + slope * (i - from)))
      if beside > worst then worst, at = beside, i end
    end
    if at then
      keep[at] = true
      open[#open + 1] = { from, at }
      open[#open + 1] = { at, to }
    end
  end
end

-- Points of the curve as { time from its start in s, dB }.
function energy.points(curve)
  local keep, points = {}, {}
  for first = 1, #curve, SPAN do kept(curve, first, math.min(first + SPAN, #curve), keep) end
  for i = 1, #curve do
    if keep[i] then points[#points + 1] = { (i - 0.5) / energy.rate(), energy.decibels(curve[i]) } end
  end
  return points
end

-- The values that belong to a range of the film, times in seconds.
function energy.slice(curve, from, seconds)
  local first = math.floor(from * energy.rate() + 0.5)
  local wanted = math.max(1, math.ceil(seconds * energy.rate() - 1e-6))
  local slice = {}
  for i = 1, wanted do slice[i] = curve[math.max(1, math.min(first + i, #curve))] end
  return slice
end

local function write_effect()
  local folder = reaper.GetResourcePath() .. "/Effects/" .. EFFECT_FOLDER
  reaper.RecursiveCreateDirectory(folder, 0)
  local path = folder .. "/" .. EFFECT_FILE
  local there = io.open(path, "rb")
  local same = there and there:read("a") == EFFECT
  if there then there:close() end
  if same then return end
  local file, why = io.open(path, "wb")
  if not file then fault.raise("the effect of the energy cannot be written: " .. tostring(why)) end
  file:write(EFFECT)
  file:close()
end

-- The envelope of a track's energy. With `create`, the effect is added if the track lacks it.
function energy.envelope(track, create)
  if create then write_effect() end
  local effect = reaper.TrackFX_AddByName(track, ("JS: %s/%s"):format(EFFECT_FOLDER, EFFECT_FILE), false, create and 1 or 0)
  if effect < 0 then
    if create then fault.raise("the effect Rewas/energy.jsfx cannot be added: run the script again after a restart of REAPER") end
    return nil
  end
  return reaper.GetFXEnvelope(track, effect, 0, create)
end

-- Draws a curve from a time of the project on, and replaces what was drawn there.
function energy.draw(track, start, curve)
  local envelope = energy.envelope(track, true)
  if not envelope then fault.raise("the lane of the energy cannot be made") end
  reaper.DeleteEnvelopePointRange(envelope, start - 0.001, start + #curve / energy.rate() + 0.001)
  for _, point in ipairs(energy.points(curve)) do
    reaper.InsertEnvelopePoint(envelope, start + point[1], point[2], 0, 0, false, true)
  end
  reaper.Envelope_SortPoints(envelope)
end

-- The curve as it is drawn now; nil if the track has no lane of energy.
function energy.read(track, start, seconds)
  local envelope = energy.envelope(track, false)
  if not envelope then return nil end
  local curve = {}
  for i = 1, math.max(1, math.ceil(seconds * energy.rate() - 1e-6)) do
    local _, decibels = reaper.Envelope_Evaluate(envelope, start + (i - 0.5) / energy.rate(), 0, 0)
    curve[i] = math.max(SILENCE, math.min(LOUDEST, decibels / DECIBELS))
  end
  return curve
end

return energy
