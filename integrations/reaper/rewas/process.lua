-- Files that only this user can read, and programs that are started without waiting for them.

local fault = require("fault")

local process = {}

local OLD = 24 * 3600                                                       -- seconds after which a file is nobody's
-- ReaScript learns nothing of a process that it does not wait for. So a constant script starts curl, and writes how it ended.
local STARTER = [[
# Runs curl with the arguments that stand in the file $1.
umask 077
/usr/bin/curl --disable --config "$1" >"$1.out" 2>/dev/null &
echo "$$ $!" >"$1.pid"
wait $!
echo $? >>"$1.out"
mv "$1.out" "$1.last"
]]
local WINDOWS_STARTER = [[
@rem Runs curl with the arguments that stand in the file %1.
@"%SystemRoot%\System32\curl.exe" --disable --config "%~1" >"%~1.out" 2>nul
@echo %ERRORLEVEL%>>"%~1.out"
@move /y "%~1.out" "%~1.last" >nul
]]

local function is_windows() return reaper.GetOS():find("Win", 1, true) ~= nil end

local function program()
  if is_windows() then return (os.getenv("SystemRoot") or "C:\\Windows") .. "\\System32\\curl.exe" end
  return "/usr/bin/curl"
end

local function argument(text)
  if text:find('["%c%%]') then fault.raise("the path of REAPER's resources must have no quotes and no %: " .. text) end
  return '"' .. text .. '"'
end

-- At most so many bytes of a file, and one more if there are more; nil if there is no such file.
function process.read(path, most)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read(most + 1) or ""
  file:close()
  return text
end

function process.write(path, text)
  local file, why = io.open(path, "wb")
  if not file then fault.raise("cannot write: " .. tostring(why)) end
  local done, reason = file:write(text)
  if not (file:close() and done) then fault.raise(("cannot write %s: %s"):format(path, tostring(reason or "is the disk full?"))) end
end

local function starter() return is_windows() and "start.cmd" or "start.sh" end

local folder

-- A folder that only this user can read, because the files that curl reads hold the key.
function process.folder()
  if folder then return folder end
  local path = reaper.GetResourcePath() .. "/Data/rewas"
  reaper.RecursiveCreateDirectory(path, 0)
  if not is_windows() then
    local answer = reaper.ExecProcess("/bin/chmod 700 " .. argument(path), 5000)
    if not answer or not answer:match("^0%f[%D]") then
      fault.raise("the folder cannot be made private: " .. path)
    end
  end
  -- What curl went on to write after the user stopped the script.
  for i = 0, math.huge do
    local left = reaper.EnumerateFiles(path, i)
    if not left then break end
    local made = tonumber(left:match("^(%d+)%-"))
    if made and os.time() - made > OLD then os.remove(path .. "/" .. left) end
  end
  process.write(path .. "/" .. starter(), is_windows() and WINDOWS_STARTER:gsub("\n", "\r\n") or STARTER)
  if not (reaper.ExecProcess(argument(program()) .. " --version", 10000) or ""):find("curl %d") then
    fault.raise(("curl is not installed at %s: install it, then run the script again"):format(program()))
  end
  folder = path
  return folder
end

-- Starts curl with the arguments in a file.
function process.run(config)
  local script = argument(process.folder() .. "/" .. starter())
  if is_windows() then
    local command = argument((os.getenv("SystemRoot") or "C:\\Windows") .. "\\System32\\cmd.exe")
    reaper.ExecProcess(('%s /d /s /c "%s %s"'):format(command, script, argument(config)), -2)
  else
    reaper.ExecProcess(("/bin/sh %s %s"):format(script, argument(config)), -1)
  end
end

-- Ends a curl that is no longer wanted. False if it has hardly begun, so that it cannot be ended yet. On Windows it goes on until its time
-- is over.
function process.kill(config)
  if is_windows() then return true end
  local shell, program_id = (process.read(config .. ".pid", 40) or ""):match("^(%d+) (%d+)\n")
  if shell then reaper.ExecProcess(('/bin/sh -c "kill %s %s"'):format(shell, program_id), 2000) end
  return shell ~= nil
end

function process.length(path)
  local file = io.open(path, "rb")
  if not file then return 0 end
  local bytes = file:seek("end")
  file:close()
  return bytes
end

return process
