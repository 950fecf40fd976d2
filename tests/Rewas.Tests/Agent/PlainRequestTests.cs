using Rewas.Agent.Chat;

namespace Rewas.Tests.Agent;

public sealed class PlainRequestTests
{
    [Fact]
    public void Understands_what_people_ask_for()
    {
        (string Words, PlainRequest Means)[] cases =
        [
            ("add sound to this video", new PlainRequest.AddSound("add sound to this video")),
            ("make 6 seconds of rain on a roof", new PlainRequest.SoundAlone(6, "rain on a roof")),
            ("Give me two minutes of the sound of wind, please.", new PlainRequest.SoundAlone(120, "wind, please")),
            ("2.5 s of a hammer", new PlainRequest.SoundAlone(2.5, "a hammer")),
            ("make the second hit louder", new PlainRequest.ChangeHit(2, 6)),
            ("Make the 3rd bounce quieter by 4.5 dB", new PlainRequest.ChangeHit(3, -4.5)),
            ("remove the last hit", new PlainRequest.ChangeHit(-1, null)),
            ("less reverb of the crowd, more rain", new PlainRequest.Reword("reverb of the crowd", "rain")),
            ("give me two more like the first", new PlainRequest.More(2, 1)),
            ("use my last curve", new PlainRequest.UseLastCurve()),
            ("use these footsteps", new PlainRequest.UseRecordings("footsteps")),
            ("Use my recordings, please", new PlainRequest.UseRecordings("")),
            ("not the one at 2.4 s", new PlainRequest.NotThatOne(2.4)),
            ("not that one", new PlainRequest.NotThatOne(null)),
            ("another take at 3", new PlainRequest.NotThatOne(3)),
            ("make it stereo, please", new PlainRequest.Stereo(0.8, null)),
            ("make the sound wider", new PlainRequest.Stereo(0.8, null)),
            ("back to mono", new PlainRequest.Stereo(0, "")),
            ("pan it with the picture", new PlainRequest.Stereo(null, "picture")),
            ("let the sound follow the motion", new PlainRequest.Stereo(null, "picture")),
            ("pan the sound to the left", new PlainRequest.Stereo(null, "-0.7")),
            ("pan it to 0.25", new PlainRequest.Stereo(null, "0.25")),
            ("pan it to the middle", new PlainRequest.Stereo(null, "")),
            ("add the sound of a wide river", new PlainRequest.AddSound("add the sound of a wide river")),
            ("mute from 1 to 2.5 s", new PlainRequest.ChangeCurve("mute 1s..2.5s")),
            ("80 ms later, please", new PlainRequest.ChangeCurve("shift +80ms")),
            ("everything louder by 3 dB", new PlainRequest.ChangeCurve("gain +3dB")),
            ("undo", new PlainRequest.ChangeCurve("undo")),
            ("use suggestion 2", new PlainRequest.TakeSuggestion(2)),
            ("make it anyway", new PlainRequest.GoOn()),
            ("don't make it anyway", new PlainRequest.LeaveIt()),
            ("export number 2", new PlainRequest.Export(2)),
            ("what do you see?", new PlainRequest.Describe()),
            ("which is best?", new PlainRequest.Rank()),
            ("now the second video", new PlainRequest.TalkAbout(2)),
            ("book me a flight", new PlainRequest.Unknown()),
        ];
        Assert.All(cases, c => Assert.Equal(c.Means, PlainRequest.Of(c.Words)));
    }
}
