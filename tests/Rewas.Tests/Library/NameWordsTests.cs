using Rewas.Library.Words;

namespace Rewas.Tests.Library;

public class NameWordsTests
{
    [Theory]
    [InlineData("DoorKnock_02-slow", "door knock slow")]
    [InlineData("creak3", "creak")]
    [InlineData("HTTPRequest", "http request")]
    [InlineData("rain (on roof) 96kHz 24bit.mono", "rain on roof")]
    [InlineData("01", "")]
    [InlineData("", "")]
    [InlineData("dog's bark", "dog's bark")]
    [InlineData("Ünder_wässer", "ünder wässer")]
    public void A_name_is_taken_apart(string name, string words) => Assert.Equal(words, string.Join(' ', NameWords.Of(name)));

    [Theory]
    [InlineData("DOORWood_Knock Slow_ABC", "door wood knock slow")]
    [InlineData("WATRSplsh-Pool_Big Dive_XY_SRC_take 2", "water splash pool big dive")]
    [InlineData("METLImpt_Anvil_JD_Foundry", "metal impact anvil")]
    [InlineData("AMBMisc_Night_AB", "ambience night")]
    public void A_name_of_the_universal_category_system_tells_its_category(string stem, string words) =>
        Assert.Equal(words, FileWords.Of("/s", $"/s/{stem}.wav", []).Name);

    [Theory]
    [InlineData("Rain_Heavy_Roof", "rain heavy roof")]
    [InlineData("USBPort_Click_AB", "usb port click ab")]
    public void What_only_looks_like_a_category_stays_words(string stem, string words) =>
        Assert.Equal(words, FileWords.Of("/s", $"/s/{stem}.wav", []).Name);

    [Fact]
    public void Folders_and_tags_have_words_of_their_own()
    {
        var words = FileWords.Of("/home/me/Sounds", "/home/me/Sounds/Doors/Old House/knock.wav", ["a knock\non oak", "a knock\non oak"]);
        Assert.Equal(("knock", "sounds doors old house", "a knock on oak"), (words.Name, words.Folders, words.Tags));
        Assert.StartsWith("old house knock", words.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void Creator_and_source_are_found_as_tags()
    {
        Assert.Equal("ABC / House", FileWords.Of("/s", "/s/DOORWood_Knock_ABC_House.wav", []).Tags);
    }
}
