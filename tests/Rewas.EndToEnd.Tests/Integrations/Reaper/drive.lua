-- Runs the ReaScript against the stub: drive.lua SCRIPT PLAN.json OUTCOME.json. The plan names the items, the answers to the dialog, and
-- where the user cancels. With "again", the script runs a second time on what it has made, after its energy was drawn anew.

local script, plan_path, outcome_path = table.unpack(arg)
package.path = arg[0]:match("^(.*/)") .. "?.lua;" .. script:match("^(.*/)") .. "rewas/?.lua;" .. package.path
local stub = require("reaper_stub")
reaper = {}
local json = require("json")

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

-- Each run of a script in REAPER begins with fresh modules.
local function run()
  for name in pairs(package.loaded) do
    if package.searchpath(name, script:match("^(.*/)") .. "rewas/?.lua") then package.loaded[name] = nil end
  end
  dofile(script)
  return stub.turn()
end

local plan = json.decode(read(plan_path))
stub.begin(plan)
for name, value in pairs(plan.ext or {}) do stub.ext["rewas/" .. name] = value end
local turns = run()
if plan.again then
  stub.select("Rewas: ")
  for _, point in ipairs(assert(stub.points("Rewas: "), table.concat(stub.messages, "; "))) do
    if point[1] >= plan.again.from then point[2] = plan.again.decibels end
  end
  plan.inputs = plan.again.inputs or {}
  turns = turns + run()
end
local file = assert(io.open(outcome_path, "wb"))
file:write(json.encode({
  tracks = stub.tracks(json), messages = json.array(stub.messages), commands = json.array(stub.commands), undo = json.array(stub.undo),
  ext = stub.ext, turns = turns, frames = stub.frames,
}))
file:close()
