using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Tests.Sound.Placement;
using Rewas.Text.Memory;
using Rewas.Video;

namespace Rewas.Tests.Text.Memory;

public sealed class SoundMemoryTests : IDisposable
{
    readonly TinyBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public async Task What_a_prompt_speaks_of_is_found_the_best_first()
    {
        await MadeMemory.WriteAsync(bundle.Bundle);
        var memory = Open();
        Assert.Equal([3, 2.5], memory.Find("a heavy rain shower", 4).Select(sound => (double)sound.Sound.Length / sound.Sound.SampleRate));
        Assert.Equal("dog recorded", Assert.Single(memory.Find("a puppy yelping", 4)).Row.Caption);
        Assert.Single(memory.Find("rain", 1));
        Assert.Empty(memory.Find("a symphony orchestra tunes", 4));
    }

    [Fact]
    public async Task A_label_with_few_takes_is_filled_up_from_one_that_shares_a_word_and_is_almost_as_near()
    {
        await MadeMemory.WriteAsync(bundle.Bundle, wordsOf2: "rain light");
        var memory = Open();
        Assert.Equal(["rain light", "rain"], memory.Find("light rain falling", 4).Select(sound => sound.Row.Label));
        Assert.Equal(["rain light"], memory.Find("light rain falling", 1).Select(sound => sound.Row.Label));
        Assert.Equal(["dog"], memory.Find("a dog barking in light rain", 4).Select(sound => sound.Row.Label).Distinct());
    }

    [Fact]
    public async Task Opus_is_decoded_at_the_rate_and_to_the_sample_that_it_was_encoded_from()
    {
        var wave = MadeSounds.Hits(5, 16_000, 3000, 9000).Channels[0];
        var decoded = OpusSound.Decode(await OpusExport.EncodeAsync(wave, 64_000, TestContext.Current.CancellationToken), "sound", 30);
        Assert.Equal(wave.Length, decoded.Length);
        var shifts = Enumerable.Range(-40, 81).ToDictionary(
            shift => shift, shift => Enumerable.Range(2000, 12_000).Sum(i => (double)wave[i] * decoded[i + shift]));
        Assert.InRange(shifts.MaxBy(shift => shift.Value).Key, -8, 8);       // half a millisecond
    }

    [Fact]
    public void A_bundle_without_a_memory_has_none() => Assert.Null(SoundMemory.Of(bundle.Bundle, _ => []));

    [Fact]
    public async Task A_recording_that_was_changed_is_refused_by_its_hash()
    {
        await MadeMemory.WriteAsync(bundle.Bundle);
        var path = Path.Combine(bundle.Bundle.Directory, MemoryIndex.RecordingsFile);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[500] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        Assert.Contains("has SHA-256", Assert.Throws<InputFault>(() => Open().Find("rain", 4)).Message, StringComparison.Ordinal);
        Assert.Throws<InputFault>(() => Bundle.Open(bundle.Bundle.Directory));
    }

    [Theory]
    [InlineData("\"offset\": 0", "\"offset\": -1", "must lie within the")]
    [InlineData("\"offset\": 0", "\"offset\": 999999999", "must lie within the")]
    [InlineData("\"bytes\": ", "\"bytes\": 99", "must lie within the")]
    [InlineData("\"sha256\": \"", "\"sha256\": \"../", "sha256 must be 64 lower-case hexadecimal digits")]
    [InlineData("\"threshold\": 0.45", "\"threshold\": 7", "threshold must be from 0 to 1, but is 7")]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2", "formatVersion must be 1, but is 2")]
    [InlineData("\"encoder\": \"minilm\"", "\"encoder\": \"other\"", "encoder must be minilm or bundle, but is 'other'")]
    [InlineData("\"label\": \"dog\"", "\"label\": \"cat\"", "recording 1: its label has no captions")]
    [InlineData("\"seconds\": 3", "\"seconds\": 3e9", "seconds must be above 0 and at most 30")]
    [InlineData("\"author\": \"somebody\"", "\"author\": null", "cannot be read")]
    [InlineData("{", "[", "cannot be read")]
    public async Task An_index_that_lies_is_refused_in_one_line(string text, string other, string fault)
    {
        await MadeMemory.WriteAsync(bundle.Bundle);
        var path = Path.Combine(bundle.Bundle.Directory, MemoryIndex.IndexFile);
        var index = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var at = index.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        await File.WriteAllTextAsync(path, index[..at] + other + index[(at + text.Length)..], TestContext.Current.CancellationToken);
        var message = Assert.Throws<InputFault>(() => Open()).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task Bytes_that_are_no_Opus_are_refused_whatever_they_are()
    {
        var whole = await OpusExport.EncodeAsync(MadeSounds.Noise(1, 1).Channels[0], 32_000, TestContext.Current.CancellationToken);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                Assert.All(OpusSound.Decode(bytes, "sound", 2), sample => Assert.True(float.IsFinite(sample)));
            }
            catch (InputFault fault)
            {
                Assert.Equal("sound", fault.Field);
            }
        }
    }

    SoundMemory Open() => SoundMemory.Of(Bundle.Open(bundle.Bundle.Directory, verify: false), _ => [])!;
}
