-- HTTP by curl, without waiting: a request is started, and its coroutine yields until a file says how curl ended.
-- All arguments stand in a file that curl reads (--config), so no command line holds a key, an address or a word of the user.

local fault = require("fault")
local json = require("json")
local process = require("process")
local settings = require("settings")

local curl = {}

local MIB = 1024 * 1024
local LARGEST_JSON = 16 * MIB
local LARGEST_FILE = 2048 * MIB
local GRACE = 15                                                            -- seconds that curl may take beyond its own limit
local LAST_LINES = "^(%d+)\n(%d+)%s*$"                                      -- HTTP status, exit code
local ESCAPES = { ["\\"] = "\\\\", ['"'] = '\\"', ["\t"] = "\\t", ["\n"] = "\\n", ["\r"] = "\\r", ["\v"] = "\\v" }

local function quote(text) return '"' .. text:gsub('[\\"\t\n\r\v]', ESCAPES) .. '"' end

local TOO_LARGE = "the answer is larger than %d MiB"
local EXIT = {
  [1] = "what answers at %s does not speak HTTP",
  [3] = "server: the address cannot be read",
  [6] = "server: there is no such host",
  [7] = "server: nothing answers at %s; is `rewas serve` running?",
  [18] = "the answer was cut off",
  [23] = "the answer cannot be written; is the disk full?",
  [26] = "the file cannot be read",
  [28] = "the server did not answer in time",
  [35] = "the TLS connection failed",
  [52] = "the server closed the connection without an answer",
  [55] = "the connection broke while sending",
  [56] = "the connection broke",
  [60] = "the server's certificate is not trusted",
  [63] = TOO_LARGE,
}

-- Which failures of the transport may be gone at the next try.
local PASSING = { [18] = true, [28] = true, [52] = true, [55] = true, [56] = true }
local REFUSED = 7                                                           -- nothing listens

local count = 0
local answered = {}                                                         -- servers that have answered: they may be starting again

-- request: method, path; json or part (bytes to send); headers; output (a path, for answers that are no JSON); seconds (limit); once (it
-- is neither tried again nor stopped). Gives { status, text, retry_after }, or nil, why nothing came, and whether another try may help.
local function exchange(request, server, key)
  count = count + 1
  local name = ("%s/%d-%s-%d"):format(process.folder(), os.time(), reaper.genGuid(""):gsub("[^%w]", ""), count)
  local path = {
    config = name, body = name .. ".body", answer = name .. ".answer", head = name .. ".head", out = name .. ".out",
    last = name .. ".last", pid = name .. ".pid",
  }
  local function clean(all)
    for kind, file in pairs(path) do if all or kind ~= "answer" then os.remove(file) end end
  end

  local most = request.output and LARGEST_FILE or LARGEST_JSON
  local seconds = request.seconds or 60
  local lines = {
    "url = " .. quote(server .. request.path), "request = " .. quote(request.method), "output = " .. quote(path.answer),
    "dump-header = " .. quote(path.head), 'write-out = "%{http_code}\\n"', "silent", "globoff", 'proto = "=http,https"',
    "connect-timeout = 15", ("max-time = %d"):format(seconds), ("max-filesize = %d"):format(most), 'header = "Expect:"',
  }
  if not request.output then lines[#lines + 1] = 'limit-rate = "8M"' end    -- an endless answer must not fill the disk before it is seen
  if key ~= "" then lines[#lines + 1] = "header = " .. quote("Authorization: Bearer " .. key) end
  for _, header in ipairs(request.headers or {}) do lines[#lines + 1] = "header = " .. quote(header) end
  local body = request.part or (request.json and json.encode(request.json)) or (request.method ~= "GET" and "")
  if body then
    process.write(path.body, body)
    lines[#lines + 1] = "data-binary = " .. quote("@" .. path.body)
    lines[#lines + 1] = "header = " .. quote("Content-Type: " .. (request.json and "application/json" or "application/octet-stream"))
  end
  process.write(path.config, table.concat(lines, "\n") .. "\n")

  local deadline = reaper.time_precise() + seconds + GRACE
  process.run(path.config)
  local status, exit
  repeat
    local stopped = coroutine.yield()
    if stopped and not request.once and process.kill(path.config) then
      clean(true)
      fault.cancel()
    end
    if process.length(path.answer) > most and process.kill(path.config) then
      clean(true)
      return nil, TOO_LARGE:format(most // MIB)
    end
    status, exit = (process.read(path.last, 4096) or ""):match(LAST_LINES)
  until status or reaper.time_precise() > deadline
  status, exit = tonumber(status), tonumber(exit)

  local head = process.read(path.head, 64 * 1024) or ""
  local answer = { status = status, retry_after = tonumber(head:lower():match("\nretry%-after:%s*(%d+)%s*\r?\n")) }
  if not exit then
    process.kill(path.config)
    clean(true)
    fault.raise("curl has not ended; look whether a firewall or a virus scanner holds it")
  end
  if exit ~= 0 then
    clean(true)
    local what = EXIT[exit] or ("curl failed with exit code " .. exit .. " (https://curl.se/docs/manpage.html lists them)")
    local passing = PASSING[exit] or (exit == REFUSED and answered[server])
    return nil, (what:gsub("%%s", server):gsub("%%d MiB", most // MIB .. " MiB")), passing
  end
  answered[server] = true
  if request.output and status < 300 then
    clean(false)
    os.remove(request.output)
    local moved, why = os.rename(path.answer, request.output)
    if not moved then
      os.remove(path.answer)
      fault.raise(("cannot write %s: %s"):format(request.output, tostring(why)))
    end
    return answer
  end
  answer.text = process.read(path.answer, LARGEST_JSON) or ""
  clean(true)
  if #answer.text > LARGEST_JSON then return nil, TOO_LARGE:format(LARGEST_JSON // MIB) end
  return answer
end

-- What a refusal says, in one line.
local function refusal(answer, server)
  local told, problem = pcall(json.decode, answer.text or "")
  local detail = told and type(problem) == "table" and type(problem.detail) == "string" and problem.detail or nil
  local status = answer.status
  if status == 401 then
    return "the server wants a key, or does not know this one: set Key" .. (detail and (" (" .. detail .. ")") or "")
  elseif status == 403 then
    return "the key has no right to this" .. (detail and (": " .. detail) or "")
  elseif status == 429 then
    local wait = answer.retry_after and (", try again in " .. answer.retry_after .. " s") or ""
    return "the server has too much to do for this caller" .. wait .. (detail and (": " .. detail) or "")
  elseif status >= 300 and status < 400 then
    return ("%s redirects to another address: give that one as the server"):format(server)
  elseif not detail then
    return ("the server answered with HTTP status %d; is %s a Rewas server?"):format(status, server)
  end
  return ("%s (HTTP %d)"):format(detail, status)
end

local TRIES = 4
local LONGEST_PAUSE = 30                                                    -- seconds that a server may ask to wait before the next try
local LONGEST_OWN_PAUSE = 2                                                 -- seconds between two tries if the server names none
local NOT_READY_PAUSE = 1                                                   -- for a server that is not ready and does not say how long

local function pause(seconds)
  local until_then = reaper.time_precise() + seconds
  while reaper.time_precise() < until_then do
    if coroutine.yield() then fault.cancel() end
  end
end

-- Seconds after which a server that refuses may take the request; nil if it does not.
local function busy_for(answer)
  if answer.status ~= 429 and answer.status ~= 503 then return nil end
  local wait = answer.retry_after or 0
  if wait == 0 and answer.status == 503 then wait = NOT_READY_PAUSE end
  return wait > 0 and wait <= LONGEST_PAUSE and wait or nil
end

-- Sends a request that is safe to repeat. Gives the JSON of the answer, or true for an output. A refusal of a status in `tolerated` is
-- given as nil and the status. After its first failure a request is tried for `patience` seconds, and TRIES times at least.
function curl.send(request, tolerated)
  local server = settings.check(settings.server(), settings.key())
  local try, last = 0, nil
  while true do
    try = try + 1
    local answer, why, passing = exchange(request, server, settings.key())
    local function is_last()
      last = last or reaper.time_precise() + (request.patience or 0)
      return request.once or (try >= TRIES and reaper.time_precise() >= last)
    end
    if not answer then
      if not passing or is_last() then fault.raise(why) end
      pause(math.min(try / 2, LONGEST_OWN_PAUSE))
    elseif answer.status >= 300 or answer.status < 200 then
      if tolerated and tolerated[answer.status] then return nil, answer.status end
      local wait = busy_for(answer)
      if not wait or is_last() then fault.raise(refusal(answer, server)) end
      pause(wait)
    elseif request.output then
      return true
    else
      local read_well, value = pcall(json.decode, answer.text)
      if not read_well or type(value) ~= "table" or json.is_array(value) then
        fault.raise(("the answer to %s is not the JSON of a Rewas server; is %s the right address?"):format(
          request.path:match("^[^?]*"), server))
      end
      return value
    end
  end
end

curl.pause = pause

return curl
