using Google.Protobuf;
using Rewas.Agent.Sessions;
using Rewas.Clip.Faults;
using Rewas.PromptCheck;

namespace Rewas.Tests.Agent;

/// <summary>What a session keeps does not grow without end.</summary>
public sealed class SessionLimitTests
{
    [Fact]
    public void A_recording_counts_with_its_name()
    {
        var recordings = new SessionRecordings();
        var large = ByteString.CopyFrom(new byte[SessionRecordings.MostBytes - 100]);
        Assert.Equal(
            FaultKind.Exhausted,
            Assert.Throws<InputFault>(() => recordings.Add(new() { Name = new string('x', 255), Content = large })).Kind);
        recordings.Add(new() { Name = "step.wav", Content = large });
        Assert.Single(recordings.All);
    }

    [Fact]
    public void A_recording_is_refused_for_a_name_or_hash_that_no_order_may_have()
    {
        var recordings = new SessionRecordings();
        var hash = new string('0', 64);
        Assert.StartsWith(
            "reference: a name must have at most 255 characters, but has 256",
            Assert.Throws<InputFault>(() => recordings.Add(new() { Name = new string('x', 256), LibrarySha256 = hash })).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "reference: library_sha256 must be 64 lower-case hexadecimal digits",
            Assert.Throws<InputFault>(() => recordings.Add(new() { Name = "step.wav", LibrarySha256 = hash + "0" })).Message,
            StringComparison.Ordinal);
        recordings.Add(new() { Name = "step.wav", LibrarySha256 = hash });
        Assert.Single(recordings.All);
    }

    [Fact]
    public void A_video_keeps_its_last_hundred_checks()
    {
        var report = new ConflictReport("rain", Verdict.Consistent, 0, true, "", [], [], null!);
        var video = new SessionVideo(1, "video", "path", null!);
        for (var turn = 0; turn < 150; turn++)
            video.Keep($"rain {turn}", new(report, turn));
        Assert.Equal(Enumerable.Range(50, 100), video.Reports.Values.Select(check => check.Turn));

        // One that is checked again is the youngest.
        video.Keep("rain 50", new(report, 50));
        video.Keep("rain 150", new(report, 150));
        Assert.True(video.Reports.ContainsKey("rain 50"));
        Assert.False(video.Reports.ContainsKey("rain 51"));
    }
}
