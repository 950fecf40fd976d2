-- The form and the progress with what REAPER itself has: a dialog of text fields, and a small window. Escape cancels.

local dialog = {}

local NAME = "Rewas"
local FIELDS = { "prompt", "negative", "candidates", "seed", "server", "key" }
local CAPTIONS = "Prompt,Not to hear,Candidates (1-8),Seed,Server,*Key (if the server wants one),extrawidth=240,separator=\n"
local ESCAPE, CLOSED = 27, -1

-- Fills the texts. False if the user closed the dialog.
function dialog.ask(texts)
  local values = {}
  for i, name in ipairs(FIELDS) do values[i] = (texts[name]:gsub("%c", " ")) end
  local done, answer = reaper.GetUserInputs(NAME, #FIELDS, CAPTIONS, table.concat(values, "\n"))
  if not done then return false end
  local i = 0
  for value in (answer .. "\n"):gmatch("([^\n]*)\n") do
    i = i + 1
    if FIELDS[i] then texts[FIELDS[i]] = value end
  end
  return true
end

-- Gives a function that draws one frame, and gives false once the user wants to stop.
function dialog.progress(state)
  gfx.init(NAME, 420, 70)
  gfx.setfont(1, "Arial", 16)
  return function()
    local typed = gfx.getchar()
    gfx.set(0.2, 0.5, 0.9, 1)
    gfx.rect(10, 36, math.floor(400 * state.part), 14)
    gfx.set(0.9, 0.9, 0.9, 1)
    gfx.x, gfx.y = 10, 10
    gfx.drawstr(state.text .. "  (Escape cancels)")
    gfx.update()
    return typed ~= ESCAPE and typed ~= CLOSED
  end
end

function dialog.close() gfx.quit() end

return dialog
