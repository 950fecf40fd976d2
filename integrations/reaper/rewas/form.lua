-- What the user is asked for, and whether it can be right.

local fault = require("fault")
local settings = require("settings")

local form = {}

local LONGEST_TEXT, MOST_CANDIDATES, LARGEST_SEED = 2000, 8, 4294967295

local function trimmed(text) return (text:gsub("^%s+", ""):gsub("%s+$", "")) end

local function whole(name, text, least, most)
  local number = math.tointeger(tonumber(text))
  if not number or number < least or number > most then
    fault.raise(("%s: must be a whole number from %d to %d, but is '%s'"):format(name, least, most, text))
  end
  return number
end

local function words(name, text, least)
  local length = utf8.len(text)
  if not length or length < least or length > LONGEST_TEXT then
    fault.raise(("%s: must have %d to %d characters, but has %s"):format(name, least, LONGEST_TEXT, length or "some that are not UTF-8"))
  end
  return text
end

-- Texts as the last run left them, or as a sound was made with.
function form.begin(kept)
  local order = kept and kept.order or {}
  local function of(name, usual)
    local value = order[name]
    if type(value) == "string" or type(value) == "number" then return tostring(value) end
    return settings.get(name, usual)
  end
  return {
    prompt = of("prompt"), negative = of("negative"), candidates = of("candidates", "3"), seed = of("seed", "0"),
    server = settings.server(), key = settings.key(),
  }
end

-- Checks the texts, remembers them, and gives the order.
function form.take(texts)
  local order = {
    prompt = words("prompt", trimmed(texts.prompt), 1), negative = words("negative prompt", trimmed(texts.negative), 0),
    candidates = whole("candidates", texts.candidates, 1, MOST_CANDIDATES), seed = whole("seed", texts.seed, 0, LARGEST_SEED),
  }
  local server, key = trimmed(texts.server), trimmed(texts.key)
  settings.check(server, key)
  settings.set("server", server)
  settings.set("key", key)
  for name, value in pairs(order) do settings.set(name, (tostring(value):gsub("%c", " "))) end
  return order
end

return form
