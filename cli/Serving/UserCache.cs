using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.Vocoder;

namespace Rewas.Cli.Serving;

/// <summary>
/// Where this program keeps what it need not compute twice: curves of videos, latents that were sampled, and what they sounded like. An
/// edit then renders only what it touches.
/// </summary>
static class UserCache
{
    /// <summary>What REWAS_CACHE says; null for "off". Without it, a folder beside the user's own bundles.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("REWAS_CACHE") switch
    {
        "off" => null,
        null or "" => Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "cache"),
        var folder => Path.GetFullPath(folder),
    };

    /// <summary>Configuration of stages hosted in this process. What the user says of it comes after, and counts.</summary>
    public static string[] Settings => Folder is not { } folder ? [] :
    [
        $"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.LatentCacheFolder)}={folder}",
        $"--{nameof(Vocoder)}:{nameof(VocoderOptions.WaveCacheFolder)}={folder}",
    ];
}
