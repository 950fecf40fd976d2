using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Tests.Video;

[CollectionDefinition(nameof(FfmpegTests), DisableParallelization = true)]
public sealed class FfmpegTestsRunAlone;

/// <summary>These tests change the environment of the process, so they run alone.</summary>
[Collection(nameof(FfmpegTests))]
public sealed class FfmpegTests
{
    [Fact]
    public async Task States_its_version() => Assert.Matches(@"^\S*\d", await Ffmpeg.Locate().VersionAsync());

    [Fact]
    public void A_missing_ffmpeg_is_a_fault_that_names_package_and_command()
    {
        var before = Environment.GetEnvironmentVariable(Ffmpeg.FolderVariable);
        try
        {
            Environment.SetEnvironmentVariable(Ffmpeg.FolderVariable, "/nowhere");
            var fault = Assert.Throws<InputFault>(Ffmpeg.Locate);
            Assert.Equal(FaultKind.Precondition, fault.Kind);
            Assert.Equal(
                $"ffmpeg: ffmpeg was not found in REWAS_FFMPEG=/nowhere: install the package 'ffmpeg' ({Ffmpeg.InstallCommand()}), or "
                + "set REWAS_FFMPEG to the folder that holds it",
                fault.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Ffmpeg.FolderVariable, before);
        }
    }
}
