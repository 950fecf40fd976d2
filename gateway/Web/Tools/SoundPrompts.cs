using System.ComponentModel;
using ModelContextProtocol.Server;

namespace Rewas.Gateway.Web.Tools;

/// <summary>What a user can pick in an assistant instead of typing it.</summary>
[McpServerPromptType]
static class SoundPrompts
{
    [McpServerPrompt(Name = "add_sound_to_film"), Description("Add sound to a film, from its upload to the finished file.")]
    public static string AddSoundToFilm(
        [Description("path of the film")] string film,
        [Description("what to hear; absent: what fits the picture")] string? sound = null) => $"""
        Add sound to the film {film}. Upload it with create_upload and look at it with inspect_video.
        {(sound is null ? "Propose a sound that fits what is seen." : $"The sound: {sound}.")}
        Check the prompt with check_prompt. If it contradicts the picture, tell me so and offer the suggestions before you go on.
        Then make the sound with add_sound, wait for it, and give me the link of export_sound.
        """;
}
