using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.Vocoder;

namespace Rewas.Cli.Serving;

/// <summary>
/// The folder of this program's cache: curves of videos, sampled latents and scores of sounds. With it, an edit renders only what it
/// changes.
/// </summary>
static class UserCache
{
    /// <summary>The value of REWAS_CACHE; null for "off". The default is a folder beside the user's own bundles.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("REWAS_CACHE") switch
    {
        "off" => null,
        null or "" => Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "cache"),
        var folder => Path.GetFullPath(folder),
    };

    /// <summary>Settings of stages hosted in this process. The user's own settings come later and override them.</summary>
    public static string[] Settings => Folder is not { } folder ? [] :
    [
        $"--{nameof(AudioDiffusion)}:{nameof(AudioDiffusionOptions.LatentCacheFolder)}={folder}",
        $"--{nameof(Vocoder)}:{nameof(VocoderOptions.WaveCacheFolder)}={folder}",
    ];
}
