-- The form and the progress in a window of ReaImGui.

local window = {}

local NAME = "Rewas: sound for the selected video"
local FIELDS = {
  { "prompt", "Prompt" }, { "negative", "Not to hear" }, { "candidates", "Candidates" }, { "seed", "Seed" }, { "server", "Server" },
  { "key", "Key" },
}

-- state: texts, and while a job runs: text, part (0 to 1). Actions: start(), stop(). Gives a function that draws one frame, and gives
-- false once the window is closed.
function window.open(state, actions)
  local context = reaper.ImGui_CreateContext(NAME)
  return function()
    reaper.ImGui_SetNextWindowSize(context, 520, 300, reaper.ImGui_Cond_FirstUseEver())
    local visible, open = reaper.ImGui_Begin(context, NAME, true)
    if visible then
      if state.running then
        reaper.ImGui_Text(context, state.text)
        reaper.ImGui_ProgressBar(context, state.part)
        if reaper.ImGui_Button(context, "Cancel") then actions.stop() end
      else
        for _, field in ipairs(FIELDS) do
          local flags = field[1] == "key" and reaper.ImGui_InputTextFlags_Password() or 0
          local changed, text = reaper.ImGui_InputText(context, field[2], state.texts[field[1]], flags)
          if changed then state.texts[field[1]] = text end
        end
        if reaper.ImGui_Button(context, state.again and "Render the drawn energy" or "Make sound") then actions.start() end
        if state.message then reaper.ImGui_TextWrapped(context, state.message) end
      end
      reaper.ImGui_End(context)
    end
    return open
  end
end

function window.is_there() return reaper.ImGui_CreateContext ~= nil end

return window
