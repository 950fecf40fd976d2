namespace Rewas.Tests.Contributing;

public sealed class DocumentTests
{
    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead = from document in MarkdownFile.All()
                   from link in document.FileLinks()
                   let target = Path.Combine(Repository.Root, Path.GetDirectoryName(document.Path)!, link)
                   where !File.Exists(target) && !Directory.Exists(target)
                   select $"{document.Path}: {link}";
        Assert.Empty(dead);
    }

    [Fact]
    public void Paths_in_CONTRIBUTING_exist() =>
        Assert.All(MarkdownFile.Paths(new MarkdownFile("CONTRIBUTING.md").Text),
            path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
}
