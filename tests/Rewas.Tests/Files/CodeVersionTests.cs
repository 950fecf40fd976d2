using Rewas.Clip.Files;

namespace Rewas.Tests.Files;

/// <summary>A cache must not give what another build has made.</summary>
public sealed class CodeVersionTests
{
    [Fact]
    public void The_same_code_has_the_same_version() => Assert.Equal(OfServices(), OfServices());

    [Fact]
    public void Other_code_has_another()
    {
        string[] versions = [OfServices(), CodeVersion.Of(typeof(Rewas.Sound.Energy).Assembly), CodeVersion.Of(typeof(CodeVersion).Assembly)];
        Assert.Distinct(versions);
    }

    static string OfServices() => CodeVersion.Of(typeof(Rewas.AudioDiffusion.LatentCache).Assembly);
}
