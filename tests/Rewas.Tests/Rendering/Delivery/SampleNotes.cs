using Rewas.Rendering.Delivery;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Delivery;

/// <summary>Notes of a broadcast file, for tests.</summary>
static class SampleNotes
{
    public static SoundNotes Of(string prompt) => new(SoundNotes.Mix)
    {
        Prompt = prompt,
        Video = "reel 1 & 2.mov",
        Rate = new(30_000, 1001),
        Timecode = Timecode.Parse("01:00:00;00", new(30_000, 1001)),
        MadeAt = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
        Sha256 = new string('a', 32) + new string('b', 32),
        MadeBy = "Rewas.Platform rewas-mini",
    };
}
