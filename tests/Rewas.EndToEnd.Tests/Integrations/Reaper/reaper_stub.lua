-- A REAPER of tables: as many functions of ReaScript as the script calls. It records what was done. A function that is not here is an
-- error, so the script cannot call what was never tried.

local stub = { commands = {}, messages = {}, undo = {}, ext = {}, console = {}, frames = 0 }

local plan, tracks, deferred, guids = nil, {}, {}, 0
local clicked = {}

local function guid()
  guids = guids + 1
  return ("{%08X-0000-4000-8000-%012X}"):format(os.time(), guids)
end

local function has(value, kind, what)
  if type(value) ~= "table" or value.is ~= kind then error(what .. ": not a " .. kind, 3) end
  return value
end

local function source(path, kind, length) return { is = "source", path = path, kind = kind, length = length } end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local function shell(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- REAPER takes words, and words in double quotes. Anything else would be a shell's.
local function arguments(command)
  local list, at = {}, 1
  while at <= #command do
    local quoted, after = command:match('^"([^"]*)"%s*()', at)
    if not quoted then quoted, after = command:match("^([%w/%.%-_]+)%s*()", at) end
    if not quoted then error("a command line with something else than words: " .. command) end
    list[#list + 1], at = quoted, after
  end
  return list
end

local functions = {
  GetOS = function() return "Other" end,
  GetResourcePath = function() return plan.resources end,
  GetProjectPath = function() return plan.project end,
  time_precise = function() return os.time() end,
  genGuid = guid,
  RecursiveCreateDirectory = function(path) return os.execute("mkdir -p " .. shell(path)) and 1 or 0 end,
  EnumerateFiles = function(folder, index)
    local listed, i = io.popen("ls " .. shell(folder)), 0
    for name in listed:lines() do
      if i == index then
        listed:close()
        return name
      end
      i = i + 1
    end
    listed:close()
    return nil
  end,
  ExecProcess = function(command, timeout)
    stub.commands[#stub.commands + 1] = command
    local words = arguments(command)
    for i, word in ipairs(words) do words[i] = shell(word) end
    if timeout < 0 then
      os.execute(table.concat(words, " ") .. " >/dev/null 2>&1 &")
      return "0"
    end
    local running = io.popen(table.concat(words, " ") .. " 2>&1")
    local output = running:read("a")
    local _, _, code = running:close()
    return code .. "\n" .. output
  end,
  defer = function(f) deferred[#deferred + 1] = f end,
  MB = function(text) stub.messages[#stub.messages + 1] = text return 1 end,
  GetExtState = function(section, name) return stub.ext[section .. "/" .. name] or "" end,
  SetExtState = function(section, name, value, persist)
    if value:find("\n") or persist ~= true then error("SetExtState") end
    stub.ext[section .. "/" .. name] = value
  end,
  DeleteExtState = function(section, name) stub.ext[section .. "/" .. name] = nil end,
  GetUserInputs = function(_, count, captions, values)
    if not captions:find("separator=\n", 1, true) then error("GetUserInputs: another separator") end
    local answers, i = {}, 0
    for value in (values .. "\n"):gmatch("([^\n]*)\n") do
      i = i + 1
      answers[i] = plan.inputs[tostring(i)] or value
    end
    if i ~= count then error("GetUserInputs: as many values as fields are needed") end
    return true, table.concat(answers, "\n")
  end,

  CountSelectedMediaItems = function()
    local count = 0
    for _, track in ipairs(tracks) do for _, item in ipairs(track.items) do if item.selected then count = count + 1 end end end
    return count
  end,
  GetSelectedMediaItem = function(_, index)
    for _, track in ipairs(tracks) do
      for _, item in ipairs(track.items) do
        if item.selected then
          if index == 0 then return item end
          index = index - 1
        end
      end
    end
  end,
  ValidatePtr2 = function(_, item, kind)
    if kind ~= "MediaItem*" then error(kind) end
    for _, track in ipairs(tracks) do for _, one in ipairs(track.items) do if one == item then return true end end end
    return false
  end,
  GetActiveTake = function(item) return has(item, "item", "GetActiveTake").active end,
  TakeIsMIDI = function() return false end,
  GetMediaItem_Track = function(item) return has(item, "item", "GetMediaItem_Track").track end,
  GetMediaItemTake_Source = function(take) return has(take, "take", "GetMediaItemTake_Source").source end,
  PCM_Source_GetSectionInfo = function() return false, 0, 0, false end,
  GetMediaSourceParent = function() return nil end,
  GetMediaSourceType = function(s) return has(s, "source", "GetMediaSourceType").kind end,
  GetMediaSourceFileName = function(s) return has(s, "source", "GetMediaSourceFileName").path end,
  GetMediaSourceLength = function(s) return has(s, "source", "GetMediaSourceLength").length, false end,
  GetSet_LoopTimeRange = function() return plan.selection[1], plan.selection[2] end,
  GetMediaItemInfo_Value = function(item, name) return has(item, "item", "GetMediaItemInfo_Value").values[name] or 0 end,
  SetMediaItemInfo_Value = function(item, name, value)
    if type(value) ~= "number" then error(name .. " needs a number") end
    has(item, "item", "SetMediaItemInfo_Value").values[name] = value
    return true
  end,
  GetSetMediaItemInfo_String = function(item, name) return true, has(item, "item", "GetSetMediaItemInfo_String").values[name] end,
  GetMediaItemTakeInfo_Value = function(take, name) return has(take, "take", "GetMediaItemTakeInfo_Value").values[name] or 0 end,
  SetMediaItemTakeInfo_Value = function(take, name, value)
    if type(value) ~= "number" then error(name .. " needs a number") end
    has(take, "take", "SetMediaItemTakeInfo_Value").values[name] = value
    return true
  end,
  GetSetMediaItemTakeInfo_String = function(take, _, value) has(take, "take", "P_NAME").name = value return true, value end,
  GetMediaTrackInfo_Value = function(track, name)
    if name ~= "IP_TRACKNUMBER" then error(name) end
    for i, one in ipairs(tracks) do if one == track then return i + 0.0 end end
  end,
  SetMediaTrackInfo_Value = function(track, name, value) has(track, "track", name).values[name] = value return true end,
  GetSetMediaTrackInfo_String = function(track, name, value, set)
    has(track, "track", name)
    if set then track.texts[name] = value end
    return track.texts[name] ~= nil, track.texts[name] or ""
  end,
  InsertTrackAtIndex = function(index)
    if math.type(index) ~= "integer" then error("InsertTrackAtIndex: no integer") end
    table.insert(tracks, index + 1, { is = "track", items = {}, values = {}, texts = {}, points = {} })
  end,
  GetTrack = function(_, index) return tracks[index + 1] end,
  AddMediaItemToTrack = function(track)
    local item = { is = "item", track = has(track, "track", "AddMediaItemToTrack"), takes = {}, values = { GUID = guid() } }
    table.insert(track.items, item)
    return item
  end,
  AddTakeToMediaItem = function(item)
    local take = { is = "take", item = has(item, "item", "AddTakeToMediaItem"), values = { D_PLAYRATE = 1 }, name = "" }
    table.insert(item.takes, take)
    item.active = item.active or take
    return take
  end,
  PCM_Source_CreateFromFile = function(path) return exists(path) and source(path, "WAVE", 0) or nil end,
  SetMediaItemTake_Source = function(take, s)
    has(take, "take", "SetMediaItemTake_Source").source = has(s, "source", "SetMediaItemTake_Source")
  end,
  SetActiveTake = function(take) has(take, "take", "SetActiveTake").item.active = take end,

  TrackFX_AddByName = function(track, name, _, instantiate)
    has(track, "track", "TrackFX_AddByName")
    local file = name:match("^JS: (.+)$")
    if not file or not exists(plan.resources .. "/Effects/" .. file) then return -1 end
    if instantiate ~= 0 then track.effect = file end
    return track.effect and 0 or -1
  end,
  GetFXEnvelope = function(track, effect, parameter, create)
    if effect ~= 0 or parameter ~= 0 then error("GetFXEnvelope") end
    if create then track.envelope = track.envelope or { is = "envelope", of = track } end
    return track.envelope
  end,
  SelectAllMediaItems = function(_, selected)
    for _, track in ipairs(tracks) do for _, item in ipairs(track.items) do item.selected = selected end end
  end,
  SetMediaItemSelected = function(item, selected) has(item, "item", "SetMediaItemSelected").selected = selected end,
  Main_OnCommand = function(command)
    if command ~= 40693 then error("an action that the stub has not: " .. command) end
    for _, track in ipairs(tracks) do
      for _, item in ipairs(track.items) do
        local take = item.active
        if item.selected then
          take.points = { { 0, 1 } }
          take.envelope = { is = "envelope", of = take }
        end
      end
    end
  end,
  GetTakeEnvelopeByName = function(take, name) return name == "Volume" and has(take, "take", name).envelope or nil end,
  GetEnvelopeScalingMode = function() return 1 end,
  ScaleToEnvelopeMode = function(mode, value) return mode == 1 and value * 1000 or error("mode") end,
  DeleteEnvelopePointRange = function(envelope, from, to)
    local left = {}
    for _, point in ipairs(envelope.of.points) do if point[1] < from or point[1] >= to then left[#left + 1] = point end end
    envelope.of.points = left
    return true
  end,
  InsertEnvelopePoint = function(envelope, time, value) table.insert(envelope.of.points, { time, value }) return true end,
  Envelope_SortPoints = function(envelope) table.sort(envelope.of.points, function(a, b) return a[1] < b[1] end) end,
  Envelope_Evaluate = function(envelope, time)
    local points = envelope.of.points
    if #points == 0 then return 0, -100 end
    for i, point in ipairs(points) do
      if point[1] >= time then
        local before = points[i - 1]
        if not before or point[1] == before[1] then return 0, point[2] end
        return 0, before[2] + (point[2] - before[2]) * (time - before[1]) / (point[1] - before[1])
      end
    end
    return 0, points[#points][2]
  end,

  Undo_BeginBlock = function() end,
  Undo_EndBlock = function(name) stub.undo[#stub.undo + 1] = name end,
  PreventUIRefresh = function() end,
  TrackList_AdjustWindows = function() end,
  UpdateArrange = function() end,
}

-- A button is clicked once, in the first frame that shows it, unless it is Cancel: that one waits for what the plan names.
local function click(label)
  if clicked[label] or (label == "Cancel" and not (plan.cancel and (stub.shown or ""):find(plan.cancel, 1, true))) then return false end
  clicked[label] = true
  return true
end

local imgui = {
  ImGui_CreateContext = function(name) return { is = "context", name = name } end,
  ImGui_Cond_FirstUseEver = function() return 4 end,
  ImGui_InputTextFlags_Password = function() return 32768 end,
  ImGui_SetNextWindowSize = function() end,
  ImGui_Begin = function()
    stub.frames = stub.frames + 1
    return true, not stub.close
  end,
  ImGui_End = function() end,
  ImGui_Text = function(_, text) stub.shown = text end,
  ImGui_TextWrapped = function(_, text)
    if not stub.close then stub.messages[#stub.messages + 1] = text end
    stub.close = true                                                       -- the user has read it
  end,
  ImGui_ProgressBar = function(_, part) if part < 0 or part > 1 then error("a part is from 0 to 1") end end,
  ImGui_Button = function(_, label) return click(label) end,
  ImGui_InputText = function(_, label, text, flags)
    if label == "Key" and flags ~= 32768 then error("the key is shown") end
    for i, name in ipairs({ "Prompt", "Not to hear", "Candidates", "Seed", "Server", "Key" }) do
      if name == label and plan.inputs[tostring(i)] and plan.inputs[tostring(i)] ~= text then return true, plan.inputs[tostring(i)] end
    end
    return false, text
  end,
}

gfx = {
  init = function() end, setfont = function() end, set = function() end, rect = function() end, update = function() end,
  drawstr = function(text) stub.shown = text end,
  quit = function() end,
  getchar = function() return plan.cancel and (stub.shown or ""):find(plan.cancel, 1, true) and 27 or 0 end,
}

local function add_track(items)
  functions.InsertTrackAtIndex(#tracks)
  local track = tracks[#tracks]
  for _, one in ipairs(items) do
    local item = functions.AddMediaItemToTrack(track)
    item.selected = true
    item.values.D_POSITION, item.values.D_LENGTH = one.position, one.length
    local take = functions.AddTakeToMediaItem(item)
    take.source = source(one.path, one.kind, one.source_length)
    take.values.D_STARTOFFS, take.values.D_PLAYRATE = one.offset or 0, one.rate or 1
  end
end

function stub.begin(with)
  plan = with
  add_track(plan.items)
  reaper = setmetatable({}, {
    __index = function(_, name)
      if functions[name] then return functions[name] end
      if name:find("^ImGui_") then return plan.window and (imgui[name] or error("the stub has no " .. name)) or nil end
      error("the stub has no reaper." .. name)
    end,
  })
end

-- Selects one item alone, by its track's name.
function stub.select(name)
  for _, track in ipairs(tracks) do
    for _, item in ipairs(track.items) do item.selected = (track.texts.P_NAME or ""):find(name, 1, true) ~= nil end
  end
  clicked, stub.close = {}, nil
end

-- Turns until nothing is deferred. Sleeps between turns, as REAPER draws 30 frames a second.
function stub.turn()
  local turns = 0
  while #deferred > 0 do
    local now = deferred
    deferred = {}
    for _, f in ipairs(now) do f() end
    if plan.delete and (stub.shown or ""):find(plan.delete, 1, true) then
      for _, track in ipairs(tracks) do track.items = {} end
    end
    turns = turns + 1
    os.execute("sleep 0.03")
  end
  return turns
end

function stub.points(name)
  for _, track in ipairs(tracks) do if (track.texts.P_NAME or ""):find(name, 1, true) then return track.points end end
end

-- The project, as lists of plain values.
function stub.tracks(json)
  local function plain(points)
    local list = json.array()
    for i, point in ipairs(points) do list[i] = json.array({ point[1], point[2] }) end
    return list
  end
  local listed = json.array()
  for i, track in ipairs(tracks) do
    local items = json.array()
    for j, item in ipairs(track.items) do
      local takes = json.array()
      for k, take in ipairs(item.takes) do
        takes[k] = {
          name = take.name, path = take.source.path, values = take.values, active = item.active == take, points = plain(take.points or {}),
        }
      end
      items[j] = { values = item.values, takes = takes }
    end
    listed[i] = { name = track.texts.P_NAME or "", muted = track.values.B_MUTE == 1, items = items, points = plain(track.points) }
  end
  return listed
end

return stub
