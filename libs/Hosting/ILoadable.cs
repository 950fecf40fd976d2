namespace Rewas.Hosting;

/// <summary>What takes long to load and can be made without: the networks of a stage.</summary>
public interface ILoadable
{
    /// <summary>Loads what is not loaded yet.</summary>
    void Load();
}
