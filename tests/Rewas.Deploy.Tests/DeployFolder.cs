namespace Rewas.Deploy.Tests;

/// <summary>The checkout's folder deploy/.</summary>
static class DeployFolder
{
    static readonly string Root = Find();

    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, "deploy", .. parts]);

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the tests must run from inside the repository");
        return folder.FullName;
    }
}
