using Rewas.Evaluation.Galleries;

namespace Rewas.Tests.Evaluation.Galleries;

public class PromptGalleryPageTests
{
    [Fact]
    public void A_case_has_its_sounds_credits_and_remark_and_markup_in_them_is_text()
    {
        var page = PromptGalleryPage.Of(
        [
            new("prompt-01", "film-rain.mp4", "rain", "rain & <wind>", "rain", "A. <b>", ["“rain” by B. & C."], "too <dry>"),
            new("prompt-02", "film-rain.mp4", "rain", "snow", "snow", "D.", [], null),
        ], "mini");
        Assert.Contains("“rain &amp; &lt;wind&gt;”", page, StringComparison.Ordinal);
        Assert.Contains("src=\"prompt-01-memory.opus\"", page, StringComparison.Ordinal);
        Assert.Contains("by B. &amp; C.", page, StringComparison.Ordinal);
        Assert.Contains("A. &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Still wrong: too &lt;dry&gt;", page, StringComparison.Ordinal);
        Assert.Contains("The memory has nothing like it", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("Still wrong").Length - 1);
    }
}
