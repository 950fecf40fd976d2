using Rewas.AudioDiffusion;
using Rewas.Checkpoints;
using Rewas.Vocoder;

namespace Rewas.Cli;

/// <summary>Where this program keeps what it need not compute twice: curves of videos, latents that were sampled, and what they sounded like. An edit then renders only what it touches.</summary>
static class UserCache
{
    /// <summary>Environment variable with the folder; "off" for none. Else it lies beside the user's own bundles.</summary>
    public const string Variable = "REWAS_CACHE";

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) switch
    {
        "off" => null,
        null or "" => Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "cache", "energy"),
        var folder => Path.GetFullPath(folder),
    };

    /// <summary>Configuration of stages hosted in this process. What the user says of it comes after, and counts.</summary>
    public static string[] Settings => Folder is not { } folder ? [] :
    [
        $"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.LatentCacheFolder)}={folder}",
        $"--{nameof(Vocoder)}:{nameof(VocoderOptions.WaveCacheFolder)}={folder}",
    ];
}
