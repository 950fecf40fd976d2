-- What the user has set, kept by REAPER in reaper-extstate.ini. The key is kept there too, as plain text.

local fault = require("fault")

local settings = {}

local SECTION = "rewas"
local USUAL_SERVER = "http://127.0.0.1:5180"
local LONGEST_KEY = 4096

function settings.get(name, usual)
  local value = reaper.GetExtState(SECTION, name)
  return value ~= "" and value or usual or ""
end

function settings.set(name, value)
  if value == "" then
    reaper.DeleteExtState(SECTION, name, true)
  else
    reaper.SetExtState(SECTION, name, value, true)
  end
end

function settings.server() return settings.get("server", USUAL_SERVER) end

function settings.key() return settings.get("key") end

local function is_local(host)
  return host == "localhost" or host == "[::1]" or host:match("^127%.%d+%.%d+%.%d+$") ~= nil
end

-- The address of the server without a last slash. A key goes over http:// to this machine alone.
function settings.check(server, key)
  local scheme, host, port = server:match("^(https?)://([%w%.%-]+):?(%d*)/?$")
  if not scheme then scheme, host, port = server:match("^(https?)://(%[[%x:%.]+%]):?(%d*)/?$") end
  if not scheme or (port ~= "" and (tonumber(port) < 1 or tonumber(port) > 65535)) then
    fault.raise(("server: must be http://HOST:PORT or https://HOST:PORT, but is '%s'"):format(server))
  end
  if #key > LONGEST_KEY or key:find("[^%w%.%-_~+/=]") then
    fault.raise("key: must be a key as `rewas keys create` prints it, without spaces")
  end
  if key ~= "" and scheme == "http" and not is_local(host) then
    fault.raise(("server: must be https:// when a key is sent to another machine, but is '%s'"):format(server))
  end
  return (server:gsub("/$", ""))
end

return settings
