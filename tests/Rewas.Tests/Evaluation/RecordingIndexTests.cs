using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound;

namespace Rewas.Tests.Evaluation;

public sealed class RecordingIndexTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fields_are_found_by_their_columns()
    {
        var rows = Read("file,label,author\na.wav,dog,\"Smith, \"\"J.\"\"\"\n\nb.wav,\"heavy, rain\",\n", "file", "label");
        Assert.Equal(["a.wav", "b.wav"], rows.Select(row => row["file"]));
        Assert.Equal(["dog", "heavy, rain"], rows.Select(row => row["label"]));
        Assert.Equal(["Smith, \"J.\"", ""], rows.Select(row => row["author"]));
    }

    [Theory]
    [InlineData("", "must have the columns file, url or source")]
    [InlineData("file,label\na.wav,dog\n", "must have the columns file, url or source")]
    [InlineData("file,url\na.wav\n", "line 2: must have 2 fields, but has 1")]
    [InlineData("file,url\na.wav,b\na.wav,b,c\n", "line 3: must have 2 fields, but has 3")]
    public void A_wrong_index_is_told_with_its_line(string index, string expected)
    {
        var fault = Assert.Throws<InputFault>(() => Read(index, "file", "url or source"));
        Assert.Equal("recordings", fault.Field);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_several_columns_will_do() =>
        Assert.Equal("there", Read("file,source\na.wav,there\n", "file", "url or source")[0]["source"]);

    [Fact]
    public void A_folder_without_an_index_is_told() =>
        Assert.Equal(FaultKind.NotFound, Assert.Throws<InputFault>(() => RecordingIndex.Read(folder.Path, "file")).Kind);

    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData("a,\"b, c\",", new[] { "a", "b, c", "" })]
    [InlineData("\"a \"\"quoted\"\" word\",x", new[] { "a \"quoted\" word", "x" })]
    public void A_line_is_parted_into_its_fields(string line, string[] fields) => Assert.Equal(fields, CsvLine.Fields(line));

    IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string index, params string[] columns)
    {
        File.WriteAllText(folder.File("index.csv"), index);
        return RecordingIndex.Read(folder.Path, columns);
    }
}
