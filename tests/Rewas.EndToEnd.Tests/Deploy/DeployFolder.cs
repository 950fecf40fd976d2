
namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>The checkout's folder deploy/.</summary>
static class DeployFolder
{
    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Repository.Root, "deploy", .. parts]);
}
