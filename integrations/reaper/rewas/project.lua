-- Puts what was made into the project: an item with the candidates as takes, its lane of energy, and the placed pieces as items.

local energy = require("energy")
local fault = require("fault")
local state = require("state")

local project = {}

local TAKE_VOLUME = 40693                                                   -- action: Take: Toggle take volume envelope
local CURVED = 1                                                            -- shape of a fade, the nearest to a quarter of a sine

-- The folder of the project's sounds. It is made if it is not there.
function project.folder()
  local folder = reaper.GetProjectPath() .. "/rewas"
  reaper.RecursiveCreateDirectory(folder, 0)
  return folder
end

-- A name for files of a sound, of letters that every system has.
function project.file_name(prompt, sound)
  local words = prompt:lower():gsub("[^%w]+", "-"):gsub("^%-+", ""):sub(1, 40):gsub("%-+$", "")
  return (words ~= "" and words .. "-" or "") .. sound:sub(1, 12)
end

local function source_of(path)
  local source = reaper.PCM_Source_CreateFromFile(path)
  if not source then fault.raise("REAPER cannot read the file: " .. path) end
  return source
end

local function add_take(item, path, name, offset)
  local take = reaper.AddTakeToMediaItem(item)
  reaper.SetMediaItemTake_Source(take, source_of(path))
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", name, true)
  reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", offset or 0)
  return take
end

-- Takes of the candidates, the best first and active.
local function add_candidates(item, candidates, offset)
  local best
  for _, candidate in ipairs(candidates) do
    local score = candidate.score and (" (%.2f)"):format(candidate.score) or ""
    local take = add_take(item, candidate.path, ("candidate %d%s"):format(candidate.rank + 1, score), offset)
    best = best or take
  end
  reaper.SetActiveTake(best)
end

local function add_track(index, name)
  reaper.InsertTrackAtIndex(index, true)
  local track = reaper.GetTrack(0, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
  return track
end

local function add_item(track, start, seconds)
  local item = reaper.AddMediaItemToTrack(track)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", start)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", seconds)
  reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", 0)
  return item
end

-- The volume of a piece over its time as an envelope of the take, and its loudest value as the volume of the item. An envelope has no room
-- above 6 dB, so its values are at most 1.
local function set_volume(item, take, piece)
  local loudest = 0
  for _, point in ipairs(piece.gain_line) do loudest = math.max(loudest, point[2]) end
  if loudest == 0 then
    reaper.SetMediaItemInfo_Value(item, "D_VOL", #piece.gain_line == 0 and piece.gain or 0)
    return
  end
  reaper.SetMediaItemInfo_Value(item, "D_VOL", piece.gain * loudest)
  reaper.SelectAllMediaItems(0, false)
  reaper.SetMediaItemSelected(item, true)
  reaper.Main_OnCommand(TAKE_VOLUME, 0)
  local envelope = reaper.GetTakeEnvelopeByName(take, "Volume")
  if not envelope then fault.raise("the envelope of a piece's volume cannot be made") end
  local mode = reaper.GetEnvelopeScalingMode(envelope)
  reaper.DeleteEnvelopePointRange(envelope, -1, piece.seconds + 1)
  for i, point in ipairs(piece.gain_line) do
    local time, factor, after = point[1], point[2], piece.gain_line[i + 1]
    if time < 0 and after and after[1] > 0 then                             -- the line crosses the start of the item
      time, factor = 0, factor + (after[2] - factor) * -time / (after[1] - time)
    end
    if time >= 0 then
      reaper.InsertEnvelopePoint(envelope, time, reaper.ScaleToEnvelopeMode(mode, factor / loudest), 0, 0, false, true)
    end
  end
  reaper.Envelope_SortPoints(envelope)
end

local function add_piece(track, start, piece, path)
  local item = add_item(track, start + piece.at, piece.seconds)
  local take = add_take(item, path, piece.id, piece.source_start)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", piece.speed)
  reaper.SetMediaItemTakeInfo_Value(take, "B_PPITCH", 0)                    -- another speed is another pitch
  set_volume(item, take, piece)
  reaper.SetMediaItemInfo_Value(item, "D_FADEINLEN", piece.fade_in)
  reaper.SetMediaItemInfo_Value(item, "D_FADEOUTLEN", piece.fade_out)
  reaper.SetMediaItemInfo_Value(item, "C_FADEINSHAPE", CURVED)
  reaper.SetMediaItemInfo_Value(item, "C_FADEOUTSHAPE", CURVED)
end

-- Pieces that overlap lie on different tracks. The tracks are muted, because the sound holds the pieces already.
local function add_pieces(index, start, pieces, paths)
  local lanes = {}
  local selected = {}
  for i = 0, reaper.CountSelectedMediaItems(0) - 1 do selected[i + 1] = reaper.GetSelectedMediaItem(0, i) end
  table.sort(pieces, function(one, other) return one.at < other.at end)
  for _, piece in ipairs(pieces) do
    local lane
    for _, free in ipairs(lanes) do
      if free.ends <= piece.at + 1e-9 then lane = free break end
    end
    if not lane then
      lane = { track = add_track(index + #lanes, #lanes == 0 and "Rewas: pieces" or ("Rewas: pieces %d"):format(#lanes + 1)) }
      reaper.SetMediaTrackInfo_Value(lane.track, "B_MUTE", 1)
      lanes[#lanes + 1] = lane
    end
    lane.ends = piece.at + piece.seconds
    add_piece(lane.track, start, piece, paths[piece.recording])
  end
  reaper.SelectAllMediaItems(0, false)
  for _, item in ipairs(selected) do reaper.SetMediaItemSelected(item, true) end
end

-- One step of undo, and one redraw.
local function in_one_step(name, change)
  reaper.Undo_BeginBlock()
  reaper.PreventUIRefresh(1)
  local done, thrown = pcall(change)
  reaper.PreventUIRefresh(-1)
  reaper.TrackList_AdjustWindows(false)
  reaper.UpdateArrange()
  reaper.Undo_EndBlock(name, -1)
  if not done then error(thrown, 0) end
end

-- The user may have deleted the item, or turned to another project.
local function check(item)
  if not reaper.ValidatePtr2(0, item, "MediaItem*") then
    fault.raise("the item is no longer in this project; the sounds are in " .. project.folder())
  end
end

-- made: candidates { path, rank, score }, curve, pieces, paths of the recordings, kept (what a later run needs).
function project.place(film, range, made)
  check(film.item)
  in_one_step("Rewas: add sound", function()
    local below = math.floor(reaper.GetMediaTrackInfo_Value(reaper.GetMediaItem_Track(film.item), "IP_TRACKNUMBER"))
    local track = add_track(below, "Rewas: " .. made.kept.order.prompt)
    local item = add_item(track, range.start, range.seconds)
    add_candidates(item, made.candidates)
    energy.draw(track, range.start, made.curve)
    made.kept.item = state.guid(item)
    state.write(track, made.kept)
    if made.pieces then add_pieces(below + 1, range.start, made.pieces, made.paths) end
  end)
end

-- Adds the candidates of a drawn curve to the item that the script has made before.
function project.add(again, made)
  check(again.item)
  in_one_step("Rewas: sound of the drawn energy", function()
    local offset = reaper.GetMediaItemTakeInfo_Value(reaper.GetActiveTake(again.item), "D_STARTOFFS")
    add_candidates(again.item, made.candidates, offset)
    state.write(again.track, made.kept)
    if made.pieces then
      local below = math.floor(reaper.GetMediaTrackInfo_Value(again.track, "IP_TRACKNUMBER"))
      add_pieces(below, made.start, made.pieces, made.paths)
    end
  end)
end

return project
