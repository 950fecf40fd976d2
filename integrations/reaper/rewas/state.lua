-- What the script must know of a sound that it has made, kept with its track in the project file.

local json = require("json")

local state = {}

local FIELD = "P_EXT:rewas"

function state.guid(item) return select(2, reaper.GetSetMediaItemInfo_String(item, "GUID", "", false)) end

function state.write(track, kept) reaper.GetSetMediaTrackInfo_String(track, FIELD, json.encode(kept), true) end

-- nil if the track is none of ours. A project may come from anybody, so a wrong record is no record.
function state.read(track)
  local there, text = reaper.GetSetMediaTrackInfo_String(track, FIELD, "", false)
  if not there or text == "" then return nil end
  local read_well, kept = pcall(json.decode, text)
  local right = read_well and type(kept) == "table" and type(kept.item) == "string" and type(kept.path) == "string"
    and type(kept.whole) == "boolean" and type(kept.order) == "table" and json.is_array(kept.recordings)
  if not right then return nil end
  for _, path in ipairs(kept.recordings) do
    if type(path) ~= "string" then return nil end
  end
  return kept
end

return state
