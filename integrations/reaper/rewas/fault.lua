-- An expected failure: one line that says what is wrong and what to do. Everything else that is thrown is a bug.

local fault = {}
local Fault = {}

local LONGEST = 400

-- One line without control characters. Text from a server or a file may hold anything.
function fault.line(text)
  local line = tostring(text):gsub("[%c\127]+", " "):gsub("^%s+", ""):gsub("%s+$", "")
  if #line <= LONGEST then return line end
  local cut = LONGEST
  while cut > 0 and line:byte(cut + 1) >= 0x80 and line:byte(cut + 1) < 0xC0 do cut = cut - 1 end     -- not inside a UTF-8 character
  return line:sub(1, cut) .. "..."
end

function fault.raise(text)
  error(setmetatable({ message = fault.line(text) }, Fault), 0)
end

-- What the user stopped. It is no failure.
function fault.cancel()
  error(setmetatable({ message = "cancelled", cancelled = true }, Fault), 0)
end

function fault.is(thrown)
  return getmetatable(thrown) == Fault
end

return fault
