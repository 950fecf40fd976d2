-- @description Rewas: sound for the selected video, from a prompt
-- @version 0.1.0
-- @author Rewas.Platform
-- @about
--   Makes sound for the selected video item, or for the time selection over it, with a Rewas server.
--   Select one video item, and audio items too if they shall be placed under it as recordings. Select a sound that the script has made to
--   make it again from its drawn energy. docs/reaper.md describes each step.

package.path = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") .. "rewas/?.lua;" .. package.path

local dialog = require("dialog")
local fault = require("fault")
local form = require("form")
local job = require("job")
local selection = require("selection")
local window = require("window")

local NAME = "Rewas"

local state = { text = "", part = 0, running = nil, stopped = false, chosen = nil }

-- One line for the user. A bug is one line too, with its place.
local function line_of(thrown)
  return fault.is(thrown) and thrown.message or fault.line("internal error, please report it: " .. tostring(thrown))
end

local function start()
  state.chosen = selection.read()
  local order = form.take(state.texts)
  state.stopped = false
  state.running = job.start(state.chosen, order, function(text, part) state.text, state.part = text, part end)
end

-- One turn of the job. Gives false when it has ended, with what was thrown.
local function turn()
  local goes_on, thrown = job.turn(state.running, state.stopped)
  if not goes_on then state.running = nil end
  return goes_on, thrown
end

local function run_in_window()
  state.chosen = selection.read()
  state.again = state.chosen.again ~= nil
  state.texts = form.begin(state.again and state.chosen.again.kept or nil)
  local frame = window.open(state, {
    start = function()
      local done, thrown = pcall(start)
      state.message = not done and line_of(thrown) or nil
    end,
    stop = function() state.stopped = true end,
  })
  local function loop()
    local open = frame()
    if not open then state.stopped = true end
    if state.running then
      local goes_on, thrown = turn()
      if not goes_on then state.message = thrown and line_of(thrown) or "done" end
    end
    if open or state.running then reaper.defer(loop) end
  end
  reaper.defer(loop)
end

local function run_in_dialog()
  state.chosen = selection.read()
  state.texts = form.begin(state.chosen.again and state.chosen.again.kept or nil)
  if not dialog.ask(state.texts) then return end
  start()
  local frame = dialog.progress(state)
  local function loop()
    if not frame() then state.stopped = true end
    local goes_on, thrown = turn()
    if goes_on then return reaper.defer(loop) end
    dialog.close()
    if thrown and not thrown.cancelled then reaper.MB(line_of(thrown), NAME, 0) end
  end
  reaper.defer(loop)
end

local done, thrown = pcall(window.is_there() and run_in_window or run_in_dialog)
if not done then reaper.MB(line_of(thrown), NAME, 0) end
