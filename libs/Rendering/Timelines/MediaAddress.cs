namespace Rewas.Rendering.Timelines;

/// <summary>Addresses of files in timelines: a path relative to the timeline, or a file:// URL.</summary>
static class MediaAddress
{
    /// <summary>The name of a file, for a timeline that lies in one folder with its files.</summary>
    public static string NameOf(TimelineClip clip) => Uri.EscapeDataString(clip.FileName ?? Path.GetFileName(clip.Media!));

    /// <param name="clip">Has a file: a path, or an address already.</param>
    /// <param name="folder">Folder of the timeline; null for absolute addresses.</param>
    public static string Of(TimelineClip clip, string? folder)
    {
        var media = clip.Media!;
        if (media.Contains("://", StringComparison.Ordinal))
            return media;
        var full = Path.GetFullPath(media);
        if (folder is not null && Path.GetRelativePath(folder, full) is var relative
            && !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative))
            return string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        return new Uri(full).AbsoluteUri;
    }

    /// <summary>The path that an address means; null if it is an address of the network.</summary>
    /// <param name="folder">Folder of the timeline.</param>
    public static string? PathOf(string address, string folder)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && address.Contains("://", StringComparison.Ordinal))
            return uri.IsFile ? uri.LocalPath : null;
        return Path.GetFullPath(Uri.UnescapeDataString(address), folder);
    }
}
