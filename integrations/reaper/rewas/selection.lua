-- What is selected in the project: one video item, the time selection over it, and audio items as recordings to place.

local fault = require("fault")
local state = require("state")

local selection = {}

local SHORTEST = 0.1                                                        -- seconds
local CLOSE = 0.02                                                          -- seconds by which the length of a file may be told wrongly

-- The file behind a take, and where in it the take begins.
local function source_of(item, take)
  local source = reaper.GetMediaItemTake_Source(take)
  if not source then return nil end
  local offset = reaper.GetMediaItemTakeInfo_Value(take, "D_STARTOFFS")
  local is_section, start, _, reversed = reaper.PCM_Source_GetSectionInfo(source)
  if is_section then
    if reversed then fault.raise("the selected item is reversed: select one that plays forwards") end
    offset = offset + start
  end
  while reaper.GetMediaSourceParent(source) do source = reaper.GetMediaSourceParent(source) end
  return {
    item = item, take = take, kind = reaper.GetMediaSourceType(source), path = reaper.GetMediaSourceFileName(source), offset = offset,
    length = (reaper.GetMediaSourceLength(source)),
  }
end

-- The part of an item that is wanted: the time selection, or all of it.
local function range_of(film)
  local start = reaper.GetMediaItemInfo_Value(film.item, "D_POSITION")
  local stop = start + reaper.GetMediaItemInfo_Value(film.item, "D_LENGTH")
  local from, to = reaper.GetSet_LoopTimeRange(false, false, 0, 0, false)
  local first, last = start, stop
  if to > from then
    first, last = math.max(start, from), math.min(stop, to)
    if last <= first then fault.raise("the time selection is beside the selected video item: move it over the item, or remove it") end
  end
  if last - first < SHORTEST then fault.raise(("the selection must be %g s or longer, but is %.3f s"):format(SHORTEST, last - first)) end
  if reaper.GetMediaItemTakeInfo_Value(film.take, "D_PLAYRATE") ~= 1 then
    fault.raise("the selected video item plays at another speed: set its playback rate to 1")
  end
  local source_start = film.offset + first - start
  if source_start < -CLOSE or source_start + last - first > film.length + CLOSE then
    fault.raise("the selection reaches beyond the film, or over its repetition: make it shorter")
  end
  return {
    start = first, seconds = last - first, source_start = math.max(0, source_start),
    whole = math.abs(source_start) < 0.001 and math.abs(last - first - film.length) < CLOSE,
  }
end

-- What the script shall work on: { film, range, recordings }, or { again } for a sound that it has made.
function selection.read()
  local films, recordings, made = {}, {}, nil
  for i = 0, reaper.CountSelectedMediaItems(0) - 1 do
    local item = reaper.GetSelectedMediaItem(0, i)
    local take = reaper.GetActiveTake(item)
    local source = take and not reaper.TakeIsMIDI(take) and source_of(item, take)
    local kept = state.read(reaper.GetMediaItem_Track(item))
    if kept and kept.item == state.guid(item) then
      made = { item = item, track = reaper.GetMediaItem_Track(item), kept = kept }
    elseif source and source.kind == "VIDEO" then
      films[#films + 1] = source
    elseif source and source.path ~= "" then
      recordings[#recordings + 1] = source.path
    end
  end
  if made and #films == 0 then return { again = made } end
  if #films ~= 1 then
    fault.raise(("select one video item, and audio items if they shall be placed under it; %d video items are selected"):format(#films))
  end
  return { film = films[1], range = range_of(films[1]), recordings = recordings }
end

return selection
