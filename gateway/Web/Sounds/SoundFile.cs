namespace Rewas.Gateway.Web.Sounds;

/// <summary>The film of a sound, named as a file, for clients that fetch results at /v1/files/{id}.</summary>
static class SoundFile
{
    const string Prefix = "sound-";

    public static string IdOf(string sound) => Prefix + sound;

    /// <summary>The sound that a file id names; null if it names a file.</summary>
    public static string? SoundOf(string file) => file.StartsWith(Prefix, StringComparison.Ordinal) ? file[Prefix.Length..] : null;
}
