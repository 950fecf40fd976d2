-- JSON after RFC 8259, strict: no comments, no trailing commas, no text after the value. Lists are tables with the metatable json.list,
-- so that an empty list stays a list. json.null stands for null.

local fault = require("fault")

local json = { null = setmetatable({}, { __tostring = function() return "null" end }), list = {} }

local DEEPEST = 32

function json.array(items) return setmetatable(items or {}, json.list) end

function json.is_array(value) return getmetatable(value) == json.list end

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function broken(at, what) fault.raise(("the JSON is broken at byte %d: %s"):format(at, what)) end

local function skip(text, at) return text:find("[^ \t\r\n]", at) or #text + 1 end

local function unit(text, at)
  local digits = text:match("^%x%x%x%x", at)
  if not digits then broken(at, "\\u needs four hexadecimal digits") end
  return tonumber(digits, 16)
end

-- at is the position after the opening quote.
local function read_string(text, at)
  local parts = {}
  while true do
    local stop = text:find('["\\%c]', at)
    if not stop then broken(at, "the text has no end") end
    parts[#parts + 1] = text:sub(at, stop - 1)
    local found = text:sub(stop, stop)
    if found == '"' then return table.concat(parts), stop + 1 end
    if found ~= "\\" and found ~= "\127" then broken(stop, "a control character") end
    if found == "\127" then
      parts[#parts + 1], at = found, stop + 1
    elseif text:sub(stop + 1, stop + 1) == "u" then
      local code = unit(text, stop + 2)
      at = stop + 6
      if code >= 0xD800 and code <= 0xDBFF then
        if text:sub(at, at + 1) ~= "\\u" then broken(at, "half of a surrogate pair") end
        local low = unit(text, at + 2)
        if low < 0xDC00 or low > 0xDFFF then broken(at, "half of a surrogate pair") end
        code, at = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00), at + 6
      elseif code >= 0xDC00 and code <= 0xDFFF then
        broken(stop, "half of a surrogate pair")
      end
      parts[#parts + 1] = utf8.char(code)
    else
      local escape = ESCAPES[text:sub(stop + 1, stop + 1)]
      if not escape then broken(stop, "an unknown escape") end
      parts[#parts + 1], at = escape, stop + 2
    end
  end
end

local function read_number(text, at)
  local _, stop = text:find("^-?%d+", at)
  if not stop or text:find("^-?0%d", at) then broken(at, "no number") end
  stop = select(2, text:find("^%.%d+", stop + 1)) or stop
  stop = select(2, text:find("^[eE][+-]?%d+", stop + 1)) or stop
  local number = tonumber(text:sub(at, stop))
  if number ~= number or number == math.huge or number == -math.huge then broken(at, "a number out of range") end
  return number, stop + 1
end

local read_value

local function read_list(text, at, depth)
  local list = json.array()
  at = skip(text, at)
  if text:sub(at, at) == "]" then return list, at + 1 end
  while true do
    list[#list + 1], at = read_value(text, at, depth)
    at = skip(text, at)
    local mark = text:sub(at, at)
    if mark == "]" then return list, at + 1 end
    if mark ~= "," then broken(at, "a list needs , or ]") end
    at = at + 1
  end
end

local function read_object(text, at, depth)
  local object = {}
  at = skip(text, at)
  if text:sub(at, at) == "}" then return object, at + 1 end
  while true do
    at = skip(text, at)
    if text:sub(at, at) ~= '"' then broken(at, "an object needs a name") end
    local name
    name, at = read_string(text, at + 1)
    at = skip(text, at)
    if text:sub(at, at) ~= ":" then broken(at, "a name needs :") end
    object[name], at = read_value(text, at + 1, depth)
    at = skip(text, at)
    local mark = text:sub(at, at)
    if mark == "}" then return object, at + 1 end
    if mark ~= "," then broken(at, "an object needs , or }") end
    at = at + 1
  end
end

local WORDS = { { "true", true }, { "false", false }, { "null", json.null } }

function read_value(text, at, depth)
  if depth > DEEPEST then broken(at, ("more than %d levels"):format(DEEPEST)) end
  at = skip(text, at)
  local first = text:sub(at, at)
  if first == "{" then return read_object(text, at + 1, depth + 1) end
  if first == "[" then return read_list(text, at + 1, depth + 1) end
  if first == '"' then return read_string(text, at + 1) end
  for _, word in ipairs(WORDS) do
    if text:sub(at, at + #word[1] - 1) == word[1] then return word[2], at + #word[1] end
  end
  if first == "" then broken(at, "it ends too early") end
  return read_number(text, at)
end

function json.decode(text)
  local value, at = read_value(text, 1, 0)
  at = skip(text, at)
  if at <= #text then broken(at, "text after the value") end
  return value
end

local QUOTED = { ['"'] = '\\"', ["\\"] = "\\\\" }

local function quote(text)
  if not utf8.len(text) then fault.raise("a text is not UTF-8: " .. text:gsub("[\128-\255]", "?")) end
  return '"' .. text:gsub('[%c"\\]', function(c) return QUOTED[c] or ("\\u%04x"):format(c:byte()) end) .. '"'
end

local function write_value(value, out)
  local kind = type(value)
  if value == json.null then
    out[#out + 1] = "null"
  elseif kind == "string" then
    out[#out + 1] = quote(value)
  elseif kind == "boolean" then
    out[#out + 1] = tostring(value)
  elseif kind == "number" then
    -- Without a decimal comma, whatever the locale is.
    out[#out + 1] = ((math.type(value) == "integer" and "%d" or "%.9g"):format(value):gsub(",", "."))
  elseif json.is_array(value) then
    for i, item in ipairs(value) do
      out[#out + 1] = i == 1 and "[" or ","
      write_value(item, out)
    end
    out[#out + 1] = #value == 0 and "[]" or "]"
  elseif kind == "table" then
    local names = {}
    for name in pairs(value) do names[#names + 1] = name end
    table.sort(names)
    out[#out + 1] = "{"
    for i, name in ipairs(names) do
      if i > 1 then out[#out + 1] = "," end
      out[#out + 1] = quote(name) .. ":"
      write_value(value[name], out)
    end
    out[#out + 1] = "}"
  else
    error("json cannot hold a " .. kind)
  end
end

function json.encode(value)
  local out = {}
  write_value(value, out)
  return table.concat(out)
end

return json
