using System.Text.RegularExpressions;

namespace Rewas.Tests.Contributing;

/// <summary>A document of the repository.</summary>
/// <param name="Path">From the repository's root.</param>
sealed partial record MarkdownFile(string Path)
{
    /// <summary>Folders of outputs, which a checkout may have beside its own files.</summary>
    static readonly string[] Outputs = ["bin", "obj", "artifacts", "runs", "out", "node_modules", ".git"];

    public string Text { get; } = File.ReadAllText(System.IO.Path.Combine(Repository.Root, Path));

    /// <summary>All documents of the checkout.</summary>
    public static IEnumerable<MarkdownFile> All() => Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path))
        .Where(path => !path.Split('/').Intersect(Outputs).Any())
        .Select(path => new MarkdownFile(path));

    /// <summary>Targets of its links to files, without the part after '#'.</summary>
    public IEnumerable<string> FileLinks() =>
        Link().Matches(Text).Select(link => link.Groups[1].Value).Where(target => target.Length > 0 && !target.Contains(':'));

    /// <summary>What it sets as code and looks like a path: has a slash, no space and no placeholder.</summary>
    public static IEnumerable<string> Paths(string text) =>
        Code().Matches(text).Select(code => code.Groups[1].Value).Where(code => PathLike().IsMatch(code));

    [GeneratedRegex(@"\]\(([^)#\s\\]*)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[\w.-]+(/[\w.-]+)+$")]
    private static partial Regex PathLike();
}
