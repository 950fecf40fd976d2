using Rewas.Clip.Faults;
using Rewas.Evaluation.Galleries;

namespace Rewas.Tests.Evaluation.Galleries;

public sealed class PromptRemarksTests : IDisposable
{
    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Remarks_are_read_by_prompt()
    {
        File.WriteAllText(path, "a bell\ttoo dull\n\na drum\tlate\n");
        var remarks = PromptRemarks.Read(path, ["a bell", "a drum", "a horn"]);
        Assert.Equal("too dull", remarks["a bell"]);
        Assert.Equal("late", remarks["a drum"]);
        Assert.Equal(2, remarks.Count);
    }

    [Fact]
    public void Without_a_file_there_are_none() => Assert.Empty(PromptRemarks.Read(path + "-missing", ["a bell"]));

    [Theory]
    [InlineData("a bell", "line 1: must be a prompt, a tab, and a remark of 1 to 400 characters")]
    [InlineData("a bell\t", "line 1: must be a prompt, a tab, and a remark of 1 to 400 characters")]
    [InlineData("a gong\tloud", "line 1: the gallery has no prompt 'a gong'")]
    public void A_line_that_belongs_to_no_prompt_is_a_fault(string line, string expected)
    {
        File.WriteAllText(path, line);
        var fault = Assert.Throws<InputFault>(() => PromptRemarks.Read(path, ["a bell"]));
        Assert.Equal($"remarks: '{path}', {expected}", fault.Message);
    }
}
