using System.Text.RegularExpressions;

namespace Rewas.Tests.Contributing;

/// <summary>The table of CONTRIBUTING.md that says which files one more of something touches.</summary>
public sealed partial class RecipeTests
{
    static readonly string[] ProductFolders = ["agent", "cli", "evaluation", "gateway", "libs", "protos", "services", "training"];

    [Theory]
    [InlineData("an option")]
    [InlineData("an edit")]
    [InlineData("a sampler")]
    [InlineData("a network")]
    [InlineData("an output format")]
    public void Says_which_files_one_more_touches(string thing)
    {
        var recipe = Assert.Single(Recipes(), recipe => recipe.Thing == thing);
        Assert.NotEmpty(recipe.Touched);
        Assert.NotEmpty(MarkdownFile.Paths(recipe.Tests));
    }

    [Fact]
    public void No_product_file_but_those_of_the_recipe_spells_its_example()
    {
        var examples = Recipes().Where(recipe => recipe.Example.Length > 0).ToList();
        Assert.NotEmpty(examples);
        foreach (var recipe in examples)
        {
            var spelling = ProductFiles().Where(file => Spells(file, recipe.Example)).ToList();
            Assert.NotEmpty(spelling);
            Assert.Empty(spelling
                .Where(file => !recipe.Touched.Any(touched => file == touched || file.StartsWith(touched + "/", StringComparison.Ordinal)))
                .Select(file => $"{recipe.Thing}: {file} spells {recipe.Example}"));
        }
    }

    static IEnumerable<Recipe> Recipes() =>
        from row in Row().Matches(new MarkdownFile("CONTRIBUTING.md").Text)
        let cells = row.Value.Trim('|').Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == 4 && MarkdownFile.Paths(cells[1]).Any()        // neither the table's head nor the line below it
        select new Recipe(cells[0], [.. MarkdownFile.Paths(cells[1])], cells[2], cells[3].Trim('`'));

    static IEnumerable<string> ProductFiles() => ProductFolders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
        .Where(file => Path.GetExtension(file) is ".cs" or ".proto" && !file.Split('/').Intersect(["bin", "obj"]).Any())
        .Select(file => Path.GetRelativePath(Repository.Root, file));

    /// <summary>Whether a word stands in a file, outside comments.</summary>
    static bool Spells(string file, string word) => File.ReadLines(Path.Combine(Repository.Root, file))
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .Any(line => Regex.IsMatch(line, $@"\b{word}\b", RegexOptions.IgnoreCase));

    [GeneratedRegex(@"^\|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    sealed record Recipe(string Thing, string[] Touched, string Tests, string Example);
}
