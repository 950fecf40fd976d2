namespace Rewas.Library.Words;

/// <summary>All words that find a recording.</summary>
/// <param name="Name">Words of the file name.</param>
/// <param name="Folders">Words of the indexed folder and of the folders between it and the file.</param>
/// <param name="Tags">Words of the tags.</param>
/// <param name="Meaning">Text for the sentence encoder: the nearest folder, the name, and the beginning of the tags.</param>
sealed record FileWords(string Name, string Folders, string Tags, string Meaning)
{
    const int MostNameWords = 24, MostFolderWords = 24, MostTagCharacters = 2000, MostMeaningTagWords = 16;

    /// <summary>Folder names that do not describe a sound.</summary>
    static readonly HashSet<string> Empty =
        new(StringComparer.Ordinal) { "sounds", "sound", "sfx", "samples", "sample", "audio", "library", "libraries", "recordings", "files",
            "data", "assets", "resources", "misc" };

    /// <param name="root">The indexed folder.</param>
    /// <param name="path">Path of a file below it.</param>
    public static FileWords Of(string root, string path, IReadOnlyList<string> tags)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var ucs = UcsName.Parse(stem);
        string[] name = ucs is null ? [.. NameWords.Of(stem)] : [.. ucs.Category.SelectMany(NameWords.Of), .. NameWords.Of(ucs.Name)];
        name = [.. name.Distinct().Take(MostNameWords)];
        var between = Path.GetRelativePath(root, Path.GetDirectoryName(path)!);
        string[] below = between == "." ? [] : between.Split(Path.DirectorySeparatorChar);
        string[] folders = [Path.GetFileName(Path.TrimEndingDirectorySeparator(root)), .. below];
        var folderWords = folders.SelectMany(NameWords.Of).Distinct().Take(MostFolderWords).ToList();
        tags = [.. tags.Select(OneLine).Where(tag => tag.Length > 0).Distinct()];
        var tagText = string.Join(" / ", tags.Concat(ucs?.Others ?? []).Distinct());
        tagText = tagText[..Math.Min(tagText.Length, MostTagCharacters)];
        var nearest = folders.Reverse().Select(folder => NameWords.Of(folder).Where(word => !Empty.Contains(word)).ToList())
            .FirstOrDefault(words => words.Count > 0) ?? [];
        var said = string.Join(' ', tags).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostMeaningTagWords);
        var meaning = string.Join(' ', nearest.Concat(name).Distinct().Concat(said));
        return new(string.Join(' ', name), string.Join(' ', folderWords), tagText, meaning);
    }

    /// <summary>Replaces line ends and control characters by spaces, because tags are untrusted.</summary>
    static string OneLine(string text) =>
        string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
